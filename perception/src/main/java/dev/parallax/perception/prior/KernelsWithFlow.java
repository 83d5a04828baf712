package dev.parallax.perception.prior;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FeatureKernels;
import dev.parallax.kernels.FlowKernels;
import dev.parallax.kernels.ImageKernels;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.VoxelKernels;
import java.util.function.Consumer;

/** Kernels whose dense flow is a network's, see {@link NetworkFlow}. Owns both. */
public final class KernelsWithFlow implements PerceptionKernels {
  private final PerceptionKernels kernels;
  private final UserFlow network;
  private final FlowKernels flow;

  /**
   * @param complaints told once, in a sentence, if the network fails; dense inverse search goes on
   */
  public KernelsWithFlow(PerceptionKernels kernels, UserFlow network, Consumer<String> complaints) {
    this.kernels = kernels;
    this.network = network;
    flow = new NetworkFlow(kernels, network, complaints);
  }

  @Override
  public String device() {
    return "%s, dense flow by %s".formatted(kernels.device(), network.name());
  }

  @Override
  public BufferScope openScope() {
    return kernels.openScope();
  }

  @Override
  public void upload(float[] source, DeviceBuffer target) {
    kernels.upload(source, target);
  }

  @Override
  public void upload(byte[] source, DeviceBuffer target) {
    kernels.upload(source, target);
  }

  @Override
  public void uploadAhead(byte[] source) {
    kernels.uploadAhead(source);
  }

  @Override
  public void download(DeviceBuffer source, float[] target) {
    kernels.download(source, target);
  }

  @Override
  public void download(DeviceBuffer source, byte[] target) {
    kernels.download(source, target);
  }

  @Override
  public void fetch(DeviceBuffer source, float[] target) {
    kernels.fetch(source, target);
  }

  @Override
  public void fetch(DeviceBuffer source, byte[] target) {
    kernels.fetch(source, target);
  }

  @Override
  public void finishFetches() {
    kernels.finishFetches();
  }

  /** The host asks the network, and waits for it. */
  @Override
  public boolean worksAhead() {
    return false;
  }

  @Override
  public ImageKernels images() {
    return kernels.images();
  }

  @Override
  public FlowKernels flow() {
    return flow;
  }

  @Override
  public DepthKernels depth() {
    return kernels.depth();
  }

  @Override
  public MotionKernels motion() {
    return kernels.motion();
  }

  @Override
  public FeatureKernels features() {
    return kernels.features();
  }

  @Override
  public VoxelKernels voxels() {
    return kernels.voxels();
  }

  @Override
  public void close() {
    try (network) {
      kernels.close();
    }
  }
}
