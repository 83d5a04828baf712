package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FeatureKernels;
import dev.parallax.kernels.Features;
import dev.parallax.kernels.PerceptionKernels;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Features by other kernels, on the host: they are asked for at keyframes and after a loss, a few
 * times a second, and cost one picture's way down each time. The host's kernels are made when first
 * needed.
 */
final class HostFeatures implements FeatureKernels, AutoCloseable {
  private final CudaStream stream;
  private final Supplier<PerceptionKernels> source;
  private @Nullable PerceptionKernels host;

  HostFeatures(CudaStream stream, Supplier<PerceptionKernels> source) {
    this.stream = stream;
    this.source = source;
  }

  private PerceptionKernels host() {
    PerceptionKernels made = host == null ? source.get() : host;
    host = made;
    return made;
  }

  @Override
  public Features detect(DeviceBuffer grey, int wanted) {
    byte[] picture = new byte[grey.shape().elements()];
    stream.download(CudaBuffer.live(grey), picture);
    try (BufferScope scope = host().openScope()) {
      DeviceBuffer copy = scope.u8(grey.shape());
      host().upload(picture, copy);
      return host().features().detect(copy, wanted);
    }
  }

  @Override
  public int[] match(Features from, Features to, int maxDistance, double maxRatio) {
    return host().features().match(from, to, maxDistance, maxRatio);
  }

  @Override
  public void close() {
    if (host != null) {
      host.close();
    }
  }
}
