package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DeviceBuffer;

/**
 * Distance to the nearest occupied voxel over a dense box of voxels, on the GPU: {@code output.cu}.
 * Not behind {@code PerceptionKernels} yet: nobody asks for it so far.
 */
final class CudaDistanceField implements AutoCloseable {
  private final CudaStream stream;
  private final CudaFunction first;
  private final CudaFunction pass;
  private final CudaFunction metres;
  private final Scratch odd = new Scratch();
  private final Scratch even = new Scratch();

  CudaDistanceField(CudaDevice device, CudaStream stream) {
    this.stream = stream;
    first = device.function("distance_first");
    pass = device.function("distance_pass");
    metres = device.function("distance_metres");
  }

  /**
   * @param logOdds {@code [nz ny nx]} as bytes
   * @param extent (nx, ny, nz)
   * @param occupiedFrom log-odds from which a voxel is an obstacle
   * @param reachVoxels how far to look; distances beyond are this far
   * @param out {@code [nz ny nx]} F32 receives metres, NaN for voxels never observed
   */
  void run(
      DeviceBuffer logOdds,
      int[] extent,
      int occupiedFrom,
      int reachVoxels,
      float voxelM,
      DeviceBuffer out) {
    int rows = extent[1] * extent[2];
    int voxels = extent[0] * rows;
    stream.bind();
    CudaBuffer a = odd.words(rows, extent[0], 1);
    CudaBuffer b = even.words(rows, extent[0], 1);
    stream
        .launch(first)
        .with(logOdds)
        .with(occupiedFrom)
        .with(a)
        .with(extent[0])
        .with(rows)
        .with(reachVoxels)
        .overPixels(extent[0], rows);
    along(a, b, voxels, extent[0], extent[1], reachVoxels);
    along(b, a, voxels, extent[0] * extent[1], extent[2], reachVoxels);
    stream
        .launch(metres)
        .with(a)
        .with(logOdds)
        .with(out)
        .with(voxels)
        .with(voxelM)
        .with(reachVoxels)
        .over(voxels);
  }

  private void along(CudaBuffer in, CudaBuffer out, int voxels, int stride, int n, int reach) {
    stream
        .launch(pass)
        .with(in)
        .with(out)
        .with(voxels)
        .with(stride)
        .with(n)
        .with(reach)
        .over(voxels);
  }

  @Override
  public void close() {
    odd.close();
    even.close();
  }
}
