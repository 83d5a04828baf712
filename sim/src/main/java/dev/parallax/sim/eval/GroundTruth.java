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
 * What is known to be true of a recording. Everything but the poses may be missing (null). Fields
 * lie on the grid of {@link #camera()}; stamps are those of the pictures.
 */
public interface GroundTruth {
  /** The rectified camera of the fields below; null where there is no depth. */
  @Nullable PinholeCamera camera();

  /** True camera poses in the order of time, at their own rate. Empty where unknown. */
  List<StampedPose> poses();

  /** Stamps of the input pictures, in order: the denominator of coverage. */
  List<Timestamp> frameStamps();

  /** True depth, metres; std is 0 where known. */
  @Nullable DepthMap depth(Timestamp stamp);

  /** How true depth was made, for a report; null where it was measured or drawn as it is. */
  default @Nullable String depthOrigin() {
    return null;
  }

  /** Flow from the picture at {@code stamp} to the one before it, pixels. */
  @Nullable FlowField backwardFlow(Timestamp stamp);

  /** Velocity of every visible point in the world, camera axes, m/s. */
  @Nullable SceneFlowField sceneFlow(Timestamp stamp);

  @Nullable MovingMask movingMask(Timestamp stamp);
}
