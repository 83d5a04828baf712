package dev.parallax.kernels.cuda;

import dev.parallax.kernels.PerceptionKernels;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The host's kernels, for what is not done on the GPU; made when first needed. */
final class HostKernels implements AutoCloseable {
  private final Supplier<PerceptionKernels> source;
  private @Nullable PerceptionKernels host;

  HostKernels(Supplier<PerceptionKernels> source) {
    this.source = source;
  }

  PerceptionKernels get() {
    PerceptionKernels made = host == null ? source.get() : host;
    host = made;
    return made;
  }

  @Override
  public void close() {
    if (host != null) {
      host.close();
    }
  }
}
