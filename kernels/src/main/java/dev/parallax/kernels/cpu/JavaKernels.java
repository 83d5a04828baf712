package dev.parallax.kernels.cpu;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthKernels;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FeatureKernels;
import dev.parallax.kernels.Features;
import dev.parallax.kernels.FlowKernels;
import dev.parallax.kernels.ImageKernels;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.VoxelKernels;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The part of {@link PerceptionKernels} that is plain Java: depth, motion and voxels. It runs where
 * OpenCV is not installed, beside a GPU that does the rest.
 */
public final class JavaKernels implements SynchronousKernels {
  private static final FeatureKernels NO_FEATURES =
      new FeatureKernels() {
        @Override
        public Features detect(DeviceBuffer grey, int wanted) {
          return Features.none();
        }

        @Override
        public int[] match(Features from, Features to, int maxDistance, double maxRatio) {
          return new int[0];
        }
      };

  private final ExecutorService executor;
  private final BufferPool pool = new BufferPool();
  private final CpuDepthKernels depth;
  private final CpuMotionKernels motion;
  private final CpuVoxelKernels voxels;

  /**
   * @param threads how many threads may work at once, the caller's included; results do not depend
   *     on it
   */
  public JavaKernels(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("At least one thread is needed, got " + threads);
    }
    executor =
        Executors.newFixedThreadPool(
            Math.max(1, threads - 1),
            task -> {
              Thread thread = new Thread(task, "parallax-kernels");
              thread.setDaemon(true);
              return thread;
            });
    RowWorkers workers = new RowWorkers(executor, threads);
    depth = new CpuDepthKernels(workers);
    motion = new CpuMotionKernels(workers);
    voxels = new CpuVoxelKernels(threads);
  }

  /** The threads beside the caller's. */
  ExecutorService executor() {
    return executor;
  }

  @Override
  public String device() {
    return "CPU (Java only)";
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
    throw withoutOpenCv("Work on pictures");
  }

  @Override
  public FlowKernels flow() {
    throw withoutOpenCv("Flow");
  }

  @Override
  public DepthKernels depth() {
    return depth;
  }

  @Override
  public MotionKernels motion() {
    return motion;
  }

  /** Finds none: a camera that is lost stays lost, and no place is known again. */
  @Override
  public FeatureKernels features() {
    return NO_FEATURES;
  }

  private static UnsupportedOperationException withoutOpenCv(String what) {
    return new UnsupportedOperationException(what + " needs OpenCV, which was left out here");
  }

  @Override
  public VoxelKernels voxels() {
    return voxels;
  }

  @Override
  public void close() {
    executor.shutdownNow();
    voxels.close();
  }
}
