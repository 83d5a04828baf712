package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import java.util.Optional;

/** One frame in, one outcome out. One thread; frames in the order of their stamps. */
public interface PerceptionPipeline extends AutoCloseable {
  /**
   * Estimates everything for one frame. Never throws for what the picture shows; throws only when
   * the machinery is broken.
   */
  FrameOutcome process(CameraFrame frame);

  /** What a successor needs to go on from here; empty while nothing is tracked. */
  default Optional<SessionState> snapshot() {
    return Optional.empty();
  }

  /**
   * Goes on where another session stood. Before the first frame only.
   *
   * @throws UnsupportedOperationException if this pipeline keeps no session
   */
  default void resume(SessionState state) {
    throw new UnsupportedOperationException("This pipeline cannot go on from another's state");
  }

  /** Puts this map in the place of the session's own. */
  default void restoreMap(OccupancyDelta map) {
    throw new UnsupportedOperationException("This pipeline keeps no map");
  }

  /** Frees the session's buffers. */
  @Override
  void close();
}
