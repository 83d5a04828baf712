package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;

/** What became of one frame. Exactly one outcome for each frame given to the pipeline. */
public sealed interface FrameOutcome {
  FrameId id();

  Timestamp stamp();

  StageTimings timings();

  /**
   * Everything was estimated. Depth, scene flow and mask lie on the grid of {@code depthCamera}, a
   * rectified pinhole camera; {@code rectified} is the picture on the grid of {@code camera}.
   *
   * <p>The arrays are fresh for each frame and may be kept.
   *
   * @param T_map_odom what closed loops correct: maps odom to the map; identity before a first loop
   *     and where loops are not looked for
   */
  record Estimated(
      FrameId id,
      Timestamp stamp,
      PinholeCamera camera,
      PinholeCamera depthCamera,
      Picture rectified,
      PoseEstimate pose,
      DepthMap depth,
      SceneFlowField sceneFlow,
      MovingMask movingMask,
      OccupancyDelta map,
      Se3 T_map_odom,
      StageTimings timings)
      implements FrameOutcome {
    /** Where no loops are looked for. */
    public Estimated(
        FrameId id,
        Timestamp stamp,
        PinholeCamera camera,
        PinholeCamera depthCamera,
        Picture rectified,
        PoseEstimate pose,
        DepthMap depth,
        SceneFlowField sceneFlow,
        MovingMask movingMask,
        OccupancyDelta map,
        StageTimings timings) {
      this(
          id,
          stamp,
          camera,
          depthCamera,
          rectified,
          pose,
          depth,
          sceneFlow,
          movingMask,
          map,
          Se3.identity(),
          timings);
    }
  }

  /** Nothing was estimated, for a reason that is no fault of the tracking. */
  record Skipped(FrameId id, Timestamp stamp, Reason reason, String detail, StageTimings timings)
      implements FrameOutcome {
    /** Why a frame was skipped. */
    public enum Reason {
      OUT_OF_ORDER,
      DUPLICATE_STAMP,
      INITIALIZING,
      REFUSED,
      /** A newer frame came before this one's turn; only when live. */
      LATE
    }
  }

  /** No reliable pose: nothing was published and the map stayed untouched. */
  record Lost(FrameId id, Timestamp stamp, TrackingState state, String reason, StageTimings timings)
      implements FrameOutcome {}
}
