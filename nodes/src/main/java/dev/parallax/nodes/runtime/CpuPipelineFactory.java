package dev.parallax.nodes.runtime;

import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FramePipeline;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.util.function.Consumer;

/** The real pipeline on the CPU, each with kernels of its own. */
public final class CpuPipelineFactory implements PipelineFactory {
  @Override
  public PerceptionPipeline create(PipelineConfig config, Consumer<Notice> notices) {
    CpuKernels kernels = new CpuKernels();
    return new WithKernels(new FramePipeline(config, kernels, System::nanoTime, notices), kernels);
  }

  /** A pipeline that takes its kernels with it when it closes. */
  private record WithKernels(FramePipeline pipeline, CpuKernels kernels)
      implements PerceptionPipeline {
    @Override
    public FrameOutcome process(CameraFrame frame) {
      return pipeline.process(frame);
    }

    @Override
    public void close() {
      try (kernels) {
        pipeline.close();
      }
    }
  }
}
