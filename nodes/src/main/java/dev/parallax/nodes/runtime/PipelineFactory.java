package dev.parallax.nodes.runtime;

import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.util.function.Consumer;

/** Makes the pipeline of one camera session. */
@FunctionalInterface
public interface PipelineFactory {
  /**
   * @param notices takes what a person should be told; called on the pipeline's thread
   */
  PerceptionPipeline create(PipelineConfig config, Consumer<Notice> notices);

  /** Memory of the GPUs that this factory's pipelines are on, for people. Any thread. */
  default String gpuMemory() {
    return "none in use";
  }
}
