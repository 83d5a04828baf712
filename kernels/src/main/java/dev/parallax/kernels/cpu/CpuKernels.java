package dev.parallax.kernels.cpu;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FeatureKernels;
import dev.parallax.kernels.FlowKernels;
import dev.parallax.kernels.ImageKernels;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.VoxelKernels;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.bytedeco.opencv.global.opencv_core;

/** {@link PerceptionKernels} on the CPU: Java and OpenCV. */
public final class CpuKernels implements PerceptionKernels {
  private final int threads;
  private final ExecutorService executor;
  private final BufferPool pool = new BufferPool();
  private final CpuImageKernels images = new CpuImageKernels();
  private final CpuFlowKernels flow;
  private final CpuDepthKernels depth;
  private final CpuFeatureKernels features = new CpuFeatureKernels();
  private final CpuVoxelKernels voxels;

  /** Uses two threads, or one where the machine has no more. */
  public CpuKernels() {
    this(Math.min(2, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * @param threads how many threads may work at once, the caller's included; results do not depend
   *     on it
   */
  public CpuKernels(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("At least one thread is needed, got " + threads);
    }
    this.threads = threads;
    // OpenCV's own threads gave no gain and long tails; ours split whole pictures instead.
    opencv_core.setNumThreads(1);
    executor =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            task -> {
              Thread thread = new Thread(task, "parallax-kernels");
              thread.setDaemon(true);
              return thread;
            });
    flow = new CpuFlowKernels(executor, threads);
    depth = new CpuDepthKernels(new RowWorkers(executor, threads));
    voxels = new CpuVoxelKernels(threads);
  }

  @Override
  public String device() {
    return "CPU (OpenCV %s, %d threads)".formatted(opencv_core.CV_VERSION, threads);
  }

  @Override
  public BufferScope openScope() {
    return pool.openScope();
  }

  @Override
  public void upload(float[] source, DeviceBuffer target) {
    copy(source, HostBuffer.floats(target), source.length, target);
  }

  @Override
  public void upload(byte[] source, DeviceBuffer target) {
    copy(source, HostBuffer.bytes(target), source.length, target);
  }

  @Override
  public void download(DeviceBuffer source, float[] target) {
    copy(HostBuffer.floats(source), target, target.length, source);
  }

  @Override
  public void download(DeviceBuffer source, byte[] target) {
    copy(HostBuffer.bytes(source), target, target.length, source);
  }

  @SuppressWarnings("SuspiciousSystemArraycopy") // both are arrays of the buffer's element type
  private static void copy(Object from, Object to, int hostLength, DeviceBuffer buffer) {
    if (hostLength != buffer.shape().elements()) {
      throw new IllegalArgumentException(
          "Host array of %d values for a buffer of %s".formatted(hostLength, buffer.shape()));
    }
    System.arraycopy(from, 0, to, 0, hostLength);
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
    return depth;
  }

  @Override
  public FeatureKernels features() {
    return features;
  }

  @Override
  public VoxelKernels voxels() {
    return voxels;
  }

  @Override
  public void close() {
    executor.shutdownNow();
    images.close();
    flow.close();
    features.close();
    voxels.close();
  }
}
