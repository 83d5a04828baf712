package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import java.io.IOException;

/**
 * A process of its own that tries a GPU and says in one line what came of it: {@code OpenDevice
 * ORDINAL [WIDTH HEIGHT [hold]]}. With {@code hold} it keeps its memory until its input ends.
 */
final class OpenDevice {
  private static final int ROUNDS = 3;

  private OpenDevice() {}

  public static void main(String[] arguments) throws IOException {
    int width = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 800;
    int height = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 600;
    try (CudaDevice device = CudaDevice.open(Integer.parseInt(arguments[0]));
        CudaKernels kernels = new CudaKernels(device, () -> new CpuKernels(1));
        BufferScope scope = kernels.openScope()) {
      DeviceBuffer picture = scope.u8(Shape.of(height, width));
      DeviceBuffer both = scope.f32(new Shape(1, 1, 2));
      kernels.upload(new byte[height * width], picture);
      for (int round = 0; round < ROUNDS; round++) {
        kernels.images().meanAndStd(picture, both);
        kernels.download(both, new float[2]);
      }
      System.out.println("works: " + kernels.device());
      if (arguments.length > 3) {
        System.in.read();
      }
    } catch (CudaUnavailableException e) {
      System.out.println("unavailable: " + e.getMessage());
    } catch (CudaException e) {
      System.out.printf("failed, context lost %s: %s%n", e.isContextLost(), e.getMessage());
    }
  }
}
