package dev.parallax.kernels.cuda;

import dev.parallax.kernels.cpu.CpuKernels;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A session on the GPU that is the CPU, fresh for each test. */
final class ShimSession implements BeforeEachCallback, AfterEachCallback {
  private @Nullable CudaDevice device;
  private @Nullable CudaKernels kernels;

  @Override
  public void beforeEach(ExtensionContext context) throws CudaUnavailableException {
    ShimDriver.load();
    CudaDevice opened = CudaDevice.open(0);
    device = opened;
    kernels = new CudaKernels(opened, () -> new CpuKernels(1));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (kernels != null && device != null) {
      kernels.close();
      device.close();
    }
  }

  CudaDevice device() {
    return Objects.requireNonNull(device);
  }

  CudaKernels kernels() {
    return Objects.requireNonNull(kernels);
  }
}
