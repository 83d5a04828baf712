package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;

/** Begins launches over a depth grid with what such kernels take first; makes no garbage. */
final class GridLaunches implements AutoCloseable {
  private final CudaStream stream;
  private final GridSlopes slopes;
  private final int[] extent = new int[5];
  private final float[] motion = new float[12];

  GridLaunches(CudaStream stream) {
    this.stream = stream;
    slopes = new GridSlopes(stream);
  }

  /** With the grid. */
  CudaLaunch over(CudaFunction kernel, DepthGrid grid) {
    extent[0] = grid.width();
    extent[1] = grid.height();
    extent[2] = grid.stride();
    extent[3] = grid.picture().width();
    extent[4] = grid.picture().height();
    return stream.launch(kernel).with(extent);
  }

  /**
   * With the grid and a motion.
   *
   * @param T {@code [12]} row-major 3x4
   */
  CudaLaunch over(CudaFunction kernel, DepthGrid grid, double[] T) {
    for (int i = 0; i < motion.length; i++) {
      motion[i] = (float) T[i];
    }
    return over(kernel, grid).with(motion);
  }

  /** With the grid, a motion, the focal lengths and the rays' slopes. */
  CudaLaunch overRays(CudaFunction kernel, DepthGrid grid, double[] T) {
    slopes.prepare(grid);
    Intrinsics k = grid.camera();
    return over(kernel, grid, T)
        .with((float) k.fx())
        .with((float) k.fy())
        .with(slopes.columns())
        .with(slopes.rows());
  }

  /** The rays' slopes alone, for kernels that take them elsewhere. */
  GridSlopes slopes(DepthGrid grid) {
    slopes.prepare(grid);
    return slopes;
  }

  @Override
  public void close() {
    slopes.close();
  }
}
