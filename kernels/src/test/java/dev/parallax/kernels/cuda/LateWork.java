package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.kernels.cuda.ShimDriver.Count;

/**
 * A process of its own that asks for work behind a fetch, waits for the fetch, and says what it got
 * and how much work is still to be done.
 */
final class LateWork {
  private LateWork() {}

  public static void main(String[] none) throws Exception {
    try (CudaDevice device = CudaDevice.open(0);
        CudaKernels kernels = new CudaKernels(device, () -> new CpuKernels(1));
        BufferScope scope = kernels.openScope()) {
      DeviceBuffer buffer = scope.f32(Shape.of(1, 2));
      float[] fetched = new float[2];
      kernels.upload(new float[] {7, 8}, buffer);
      kernels.fetch(buffer, fetched);
      kernels.upload(new float[] {1, 2}, buffer);
      kernels.flow().copy(buffer, scope.f32(Shape.of(1, 2)));
      int asked = Count.PENDING.now();
      kernels.finishFetches();
      int left = Count.PENDING.now();
      kernels.uploadAhead(new byte[] {3});
      System.out.printf(
          "fetched %s %s, %d of %d to be done, %d more by an upload ahead%n",
          fetched[0], fetched[1], left, asked, Count.PENDING.now() - left);
    }
  }
}
