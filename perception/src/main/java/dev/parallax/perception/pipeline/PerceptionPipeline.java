package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;

/** One frame in, one outcome out. One thread; frames in the order of their stamps. */
public interface PerceptionPipeline extends AutoCloseable {
  /**
   * Estimates everything for one frame. Never throws for what the picture shows; throws only when
   * the machinery is broken.
   */
  FrameOutcome process(CameraFrame frame);

  /**
   * Tells, before a frame is processed, which one will probably come after it: its picture may go
   * to the device meanwhile. No outcome depends on it, nor need that frame ever come.
   */
  default void expect(CameraFrame next) {}

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

  /** Begins anew with the next frame: nothing of what was seen, mapped or believed is left. */
  default void reset() {
    throw new UnsupportedOperationException("This pipeline cannot be reset");
  }

  /**
   * Says where the camera is: the last frame's pose becomes this one, or the first frame's where
   * none has come yet. Tracking and its unit of length go on; the map begins anew.
   *
   * @throws IllegalArgumentException if the pose is not finite
   */
  default void setPose(Se3 T_odom_cam) {
    throw new UnsupportedOperationException("This pipeline's pose cannot be set");
  }

  /** Frees the session's buffers. */
  @Override
  void close();
}
