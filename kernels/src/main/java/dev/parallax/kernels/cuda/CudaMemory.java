package dev.parallax.kernels.cuda;

import static dev.parallax.kernels.cuda.CudaException.check;

import dev.parallax.kernels.Shape;
import jcuda.driver.JCudaDriver;

/**
 * Takes memory of the GPU whose context is current; what does not fit is named with what is left.
 */
final class CudaMemory {
  private CudaMemory() {}

  /**
   * @param shape of what it is for, named where there is too little
   */
  static CudaAddress take(long bytes, Shape shape) {
    CudaAddress fresh = new CudaAddress();
    check(JCudaDriver.cuMemAlloc(fresh, bytes), "cuMemAlloc", new Wanted(bytes, shape));
    return fresh;
  }

  /** In words when it comes to an error: what else is free is asked only then. */
  private record Wanted(long bytes, Shape shape) {
    @Override
    public String toString() {
      long[] free = new long[1];
      long[] total = new long[1];
      JCudaDriver.cuMemGetInfo(free, total);
      return "%s, %d MiB with %d of %d MiB free"
          .formatted(shape, (bytes >> 20) + 1, free[0] >> 20, total[0] >> 20);
    }
  }
}
