package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which frames a session takes, and when time itself has begun anew. Agent thread only. */
final class FrameGate {
  /** Frames out of order come late by less: a bag that loops goes back by more. */
  private static final double MIN_JUMP_S = 1;

  private @Nullable Timestamp lastBehind;

  /**
   * Whether time jumped back, as when a bag loops: two frames in a row lie far behind, the second
   * after the first. One alone is a straggler.
   */
  boolean isTimeBegunAnew(CameraFrame frame, @Nullable Timestamp previous) {
    if (previous == null || previous.secondsSince(frame.stamp()) < MIN_JUMP_S) {
      lastBehind = null;
      return false;
    }
    boolean goesOn = lastBehind != null && frame.stamp().isAfter(lastBehind);
    lastBehind = goesOn ? null : frame.stamp();
    return goesOn;
  }

  /** Why a frame is not taken; empty if it is. */
  static Optional<FrameOutcome> refuse(CameraFrame frame, CameraSession live, StageTimer timer) {
    Timestamp previous = live.previousStamp();
    if (previous != null && !frame.stamp().isAfter(previous)) {
      boolean same = frame.stamp().equals(previous);
      return Optional.of(
          new Skipped(
              frame.id(),
              frame.stamp(),
              same ? Skipped.Reason.DUPLICATE_STAMP : Skipped.Reason.OUT_OF_ORDER,
              "stamp %s is not after the last frame's %s".formatted(frame.stamp(), previous),
              timer.stop()));
    }
    if (!frame.calibration().equals(live.calibration)
        && (frame.picture().width() != live.camera.width()
            || frame.picture().height() != live.camera.height())) {
      return Optional.of(
          new Skipped(
              frame.id(),
              frame.stamp(),
              Skipped.Reason.REFUSED,
              "picture is %dx%d but this camera began with %dx%d"
                  .formatted(
                      frame.picture().width(),
                      frame.picture().height(),
                      live.camera.width(),
                      live.camera.height()),
              timer.stop()));
    }
    return Optional.empty();
  }
}
