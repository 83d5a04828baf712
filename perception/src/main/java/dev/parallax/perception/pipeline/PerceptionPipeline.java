package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;

/** One frame in, one outcome out. One thread; frames in the order of their stamps. */
public interface PerceptionPipeline extends AutoCloseable {
  /**
   * Estimates everything for one frame. Never throws for what the picture shows; throws only when
   * the machinery is broken.
   */
  FrameOutcome process(CameraFrame frame);

  /** Frees the session's buffers. */
  @Override
  void close();
}
