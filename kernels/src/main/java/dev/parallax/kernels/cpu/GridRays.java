package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;

/**
 * The viewing rays of a grid and the motion that their points are looked at through, in single
 * precision. Immutable, so that threads share it; each takes a {@link RestingPoint} of its own.
 */
final class GridRays {
  /** {@code [w]} slopes x/z of the columns' rays. */
  final float[] x;

  /** {@code [h]} slopes y/z of the rows' rays. */
  final float[] y;

  /** {@code [3 4]} row-major. */
  final float[] m = new float[12];

  /** Focal lengths, picture pixels. */
  final float fx;

  final float fy;

  /**
   * @param T_other_grid {@code [12]} row-major 3x4, from the grid's camera to another
   */
  GridRays(DepthGrid grid, double[] T_other_grid) {
    x = grid.columnSlopes();
    y = grid.rowSlopes();
    for (int i = 0; i < m.length; i++) {
      m[i] = (float) T_other_grid[i];
    }
    fx = (float) grid.camera().fx();
    fy = (float) grid.camera().fy();
  }
}
