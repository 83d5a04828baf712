package dev.parallax.nodes.runtime;

import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.kernels.cuda.CudaDevice;
import dev.parallax.kernels.cuda.CudaException;
import dev.parallax.kernels.cuda.CudaKernels;
import dev.parallax.kernels.cuda.CudaUnavailableException;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.SessionState;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.prior.KernelsWithFlow;
import dev.parallax.perception.prior.UserFlow;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The real pipeline, each with kernels of its own, on the GPU or the CPU as wished. Each pipeline's
 * first notice says which it became and why.
 */
public final class DevicePipelineFactory implements PipelineFactory {
  private final DeviceWish wish;
  private final @Nullable Supplier<UserFlow> flow;
  private final @Nullable Function<PipelineConfig, @Nullable BackgroundPrior> depth;
  private final Set<CudaDevice> inUse = new LinkedHashSet<>(); // guarded by itself

  public DevicePipelineFactory(DeviceWish wish) {
    this(wish, null, null);
  }

  /**
   * @param flow opens the network that answers a pipeline's dense flow; null for dense inverse
   *     search
   * @param depth opens the network that a pipeline's depth begins with and that tells metres, or
   *     answers null; null where there is none
   */
  public DevicePipelineFactory(
      DeviceWish wish,
      @Nullable Supplier<UserFlow> flow,
      @Nullable Function<PipelineConfig, @Nullable BackgroundPrior> depth) {
    this.wish = wish;
    this.flow = flow;
    this.depth = depth;
  }

  /**
   * @throws DeviceException if a GPU was asked for by name and cannot be used
   * @throws IllegalArgumentException if the scale is by the metric prior and there is no network
   */
  @Override
  public PerceptionPipeline create(PipelineConfig config, Consumer<Notice> notices) {
    Networks networks = networks(config);
    Opened opened;
    try {
      opened = open();
    } catch (DeviceException e) {
      networks.close();
      throw e;
    }
    notices.accept(Notice.info("device: %s".formatted(opened.why())));
    PerceptionKernels kernels = opened.kernels();
    UserFlow network = networks.flow();
    if (network != null) {
      notices.accept(
          Notice.info("dense flow is by %s, by %s".formatted(network.name(), network.engine())));
      kernels = new KernelsWithFlow(kernels, network, why -> notices.accept(Notice.warning(why)));
    }
    FramePipeline pipeline =
        new FramePipeline(config, kernels, networks.depth(), System::nanoTime, notices);
    CudaDevice device = opened.device();
    if (device != null) {
      synchronized (inUse) {
        inUse.add(device);
      }
    }
    return new WithKernels(pipeline, kernels, () -> release(device));
  }

  private void release(@Nullable CudaDevice device) {
    if (device != null) {
      synchronized (inUse) {
        inUse.remove(device);
        device.close();
      }
    }
  }

  @Override
  public String gpuMemory() {
    synchronized (inUse) {
      return inUse.isEmpty()
          ? PipelineFactory.super.gpuMemory()
          : inUse.stream()
              .map(device -> used(device.memory()))
              .distinct()
              .collect(Collectors.joining(", "));
    }
  }

  private static String used(CudaDevice.Memory memory) {
    return "%d of %d MiB, all processes"
        .formatted((memory.totalBytes() - memory.freeBytes()) >> 20, memory.totalBytes() >> 20);
  }

  /** The networks of one pipeline. */
  private record Networks(@Nullable UserFlow flow, @Nullable BackgroundPrior depth) {
    void close() {
      if (flow != null) {
        flow.close();
      }
      if (depth != null) {
        depth.close();
      }
    }
  }

  private Networks networks(PipelineConfig config) {
    BackgroundPrior guessing = depth == null ? null : depth.apply(config);
    return new Networks(flow == null ? null : flow.get(), guessing);
  }

  /** Kernels, the GPU they run on if they do, and the choice in words. */
  private record Opened(PerceptionKernels kernels, @Nullable CudaDevice device, String why) {}

  private Opened open() {
    if (wish.kind() == DeviceWish.Kind.CPU) {
      return onCpu("as asked for");
    }
    try {
      return onGpu();
    } catch (CudaUnavailableException e) {
      if (wish.kind() == DeviceWish.Kind.CUDA) {
        throw new DeviceException(
            "--device %s cannot be used: %s; --device auto takes the CPU instead"
                .formatted(wish, e.getMessage()),
            e);
      }
      return onCpu(String.valueOf(e.getMessage()));
    }
  }

  private static Opened onCpu(String why) {
    CpuKernels kernels = new CpuKernels();
    return new Opened(kernels, null, "%s: %s".formatted(kernels.device(), why));
  }

  private Opened onGpu() throws CudaUnavailableException {
    CudaDevice device = CudaDevice.open(wish.ordinal());
    try {
      CudaKernels kernels = new CudaKernels(device, CpuKernels::new);
      String why = wish.kind() == DeviceWish.Kind.CUDA ? "as asked for" : "the first GPU found";
      return new Opened(kernels, device, "%s: %s".formatted(kernels.device(), why));
    } catch (CudaException e) {
      device.close();
      throw new CudaUnavailableException(
          "GPU %d did not start: %s".formatted(wish.ordinal(), e.getMessage()));
    }
  }

  /** A hold on a device. */
  private interface Releasable extends AutoCloseable {
    @Override
    void close();
  }

  /** A pipeline that takes its kernels and its hold on the GPU with it when it closes. */
  private record WithKernels(FramePipeline pipeline, PerceptionKernels kernels, Releasable device)
      implements PerceptionPipeline {
    @Override
    public FrameOutcome process(CameraFrame frame) {
      return pipeline.process(frame);
    }

    @Override
    public void expect(CameraFrame next) {
      pipeline.expect(next);
    }

    @Override
    public Optional<SessionState> snapshot() {
      return pipeline.snapshot();
    }

    @Override
    public void resume(SessionState state) {
      pipeline.resume(state);
    }

    @Override
    public void restoreMap(OccupancyDelta map) {
      pipeline.restoreMap(map);
    }

    @Override
    public void reset() {
      pipeline.reset();
    }

    @Override
    public void setPose(Se3 T_odom_cam) {
      pipeline.setPose(T_odom_cam);
    }

    @Override
    public void close() {
      try (device;
          kernels) {
        pipeline.close();
      }
    }
  }
}
