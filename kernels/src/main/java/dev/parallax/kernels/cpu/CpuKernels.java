package dev.parallax.kernels.cpu;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FeatureKernels;
import dev.parallax.kernels.FlowKernels;
import dev.parallax.kernels.ImageKernels;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.VoxelKernels;
import org.bytedeco.opencv.global.opencv_core;

/** {@link PerceptionKernels} on the CPU: Java and OpenCV. */
public final class CpuKernels implements SynchronousKernels {
  private final int threads;
  private final JavaKernels java;
  private final CpuImageKernels images = new CpuImageKernels();
  private final CpuFlowKernels flow;
  private final CpuFeatureKernels features = new CpuFeatureKernels();

  /** Uses two threads, or one where the machine has no more. */
  public CpuKernels() {
    this(Math.min(2, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * @param threads how many threads may work at once, the caller's included; results do not depend
   *     on it
   */
  public CpuKernels(int threads) {
    this.threads = threads;
    java = new JavaKernels(threads);
    // OpenCV's own threads gave no gain and long tails; ours split whole pictures instead.
    opencv_core.setNumThreads(1);
    flow = new CpuFlowKernels(java.executor(), threads);
  }

  @Override
  public String device() {
    return "CPU (OpenCV %s, %d threads)".formatted(opencv_core.CV_VERSION, threads);
  }

  @Override
  public BufferScope openScope() {
    return java.openScope();
  }

  @Override
  public void upload(float[] source, DeviceBuffer target) {
    java.upload(source, target);
  }

  @Override
  public void upload(byte[] source, DeviceBuffer target) {
    java.upload(source, target);
  }

  @Override
  public void download(DeviceBuffer source, float[] target) {
    java.download(source, target);
  }

  @Override
  public void download(DeviceBuffer source, byte[] target) {
    java.download(source, target);
  }

  @Override
  public ImageKernels images() {
    return images;
  }

  @Override
  public FlowKernels flow() {
    return flow;
  }

  @Override
  public DepthKernels depth() {
    return java.depth();
  }

  @Override
  public MotionKernels motion() {
    return java.motion();
  }

  @Override
  public FeatureKernels features() {
    return features;
  }

  @Override
  public VoxelKernels voxels() {
    return java.voxels();
  }

  @Override
  public void close() {
    java.close();
    images.close();
    flow.close();
    features.close();
  }
}
