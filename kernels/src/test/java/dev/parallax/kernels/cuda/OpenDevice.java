package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;

/** A process of its own that tries the first GPU and says in one line what came of it. */
final class OpenDevice {
  private OpenDevice() {}

  public static void main(String[] ordinal) {
    try (CudaDevice device = CudaDevice.open(Integer.parseInt(ordinal[0]));
        CudaKernels kernels = new CudaKernels(device, () -> new CpuKernels(1));
        BufferScope scope = kernels.openScope()) {
      DeviceBuffer picture = scope.u8(Shape.of(600, 800));
      kernels.upload(new byte[600 * 800], picture);
      kernels.images().meanAndStd(picture);
      System.out.println("works: " + kernels.device());
    } catch (CudaUnavailableException e) {
      System.out.println("unavailable: " + e.getMessage());
    } catch (CudaException e) {
      System.out.printf("failed, context lost %s: %s%n", e.isContextLost(), e.getMessage());
    }
  }
}
