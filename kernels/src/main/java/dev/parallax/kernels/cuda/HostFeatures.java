package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FeatureKernels;
import dev.parallax.kernels.Features;

/**
 * Features by the host's kernels: they are asked for at keyframes and after a loss, a few times a
 * second, and cost one picture's way down each time.
 */
final class HostFeatures implements FeatureKernels {
  private final CudaStream stream;
  private final HostKernels host;

  HostFeatures(CudaStream stream, HostKernels host) {
    this.stream = stream;
    this.host = host;
  }

  @Override
  public Features detect(DeviceBuffer grey, int wanted) {
    byte[] picture = new byte[grey.shape().elements()];
    stream.download(CudaBuffer.live(grey), picture);
    try (BufferScope scope = host.get().openScope()) {
      DeviceBuffer copy = scope.u8(grey.shape());
      host.get().upload(picture, copy);
      return host.get().features().detect(copy, wanted);
    }
  }

  @Override
  public int[] match(Features from, Features to, int maxDistance, double maxRatio) {
    return host.get().features().match(from, to, maxDistance, maxRatio);
  }
}
