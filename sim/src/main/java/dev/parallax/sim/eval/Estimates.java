package dev.parallax.sim.eval;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run of the pipeline left behind, to be held against a {@link GroundTruth}. Fields are read
 * when asked for and not kept, so that a long run fits in memory; any of them may be missing
 * (null).
 */
public interface Estimates {
  /** Published camera poses in the order of time; empty where there are none. */
  List<StampedPose> poses();

  /** The same with closed loops, as known at each time; empty where none are recorded. */
  default List<StampedPose> mapPoses() {
    return List.of();
  }

  /**
   * Covariance {@code [6 6]} of the pose at a stamp: (translation, rotation rad), left perturbation
   * in odom; null where none was left.
   */
  default double @Nullable [] covariance(Timestamp stamp) {
    return null;
  }

  /** Stamps of all frames that the run was given, in order; empty where no ledger says. */
  List<Timestamp> framesGiven();

  /** Whether lengths are metres; false means relative units. */
  boolean isMetric();

  /** Stamps of the frames with depth, in order. */
  List<Timestamp> depthStamps();

  /** The rectified camera of depth, scene flow and mask; null where it is not recorded. */
  @Nullable PinholeCamera depthCamera();

  /** Depth in metres or relative units, with NaN std where none was left. */
  @Nullable DepthMap depth(Timestamp stamp);

  @Nullable FlowField backwardFlow(Timestamp stamp);

  @Nullable SceneFlowField sceneFlow(Timestamp stamp);

  @Nullable MovingMask movingMask(Timestamp stamp);
}
