package dev.parallax.kernels.cuda;

import dev.parallax.kernels.VoxelBlocks;
import dev.parallax.kernels.VoxelIntegrator;
import dev.parallax.kernels.VoxelKernels;

/** Voxel work on the GPU: {@code voxel.cu}, {@code blocks.cu}. */
final class CudaVoxelKernels implements VoxelKernels {
  private final CudaDevice device;
  private final CudaStream stream;
  private final CudaVoxelPicture picture;

  CudaVoxelKernels(CudaDevice device, CudaStream stream) {
    this.device = device;
    this.stream = stream;
    picture = new CudaVoxelPicture(device, stream);
  }

  @Override
  public VoxelIntegrator integrator(VoxelBlocks map) {
    return new CudaVoxelIntegrator(device, stream, picture, map);
  }

  @Override
  public void close() {
    picture.close();
  }
}
