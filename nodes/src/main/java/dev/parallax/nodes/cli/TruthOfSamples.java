package dev.parallax.nodes.cli;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.StampedPose;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All true poses, and the true fields of some stamps only: a simulation draws its truth when asked,
 * and frames that nobody kept need not be drawn again.
 */
record TruthOfSamples(GroundTruth truth, Set<Timestamp> samples) implements GroundTruth {
  @Override
  public @Nullable PinholeCamera camera() {
    return truth.camera();
  }

  @Override
  public List<StampedPose> poses() {
    return truth.poses();
  }

  @Override
  public List<Timestamp> frameStamps() {
    return truth.frameStamps();
  }

  @Override
  public @Nullable DepthMap depth(Timestamp stamp) {
    return samples.contains(stamp) ? truth.depth(stamp) : null;
  }

  @Override
  public @Nullable String depthOrigin() {
    return truth.depthOrigin();
  }

  @Override
  public @Nullable FlowField backwardFlow(Timestamp stamp) {
    return samples.contains(stamp) ? truth.backwardFlow(stamp) : null;
  }

  @Override
  public @Nullable SceneFlowField sceneFlow(Timestamp stamp) {
    return samples.contains(stamp) ? truth.sceneFlow(stamp) : null;
  }

  @Override
  public @Nullable MovingMask movingMask(Timestamp stamp) {
    return samples.contains(stamp) ? truth.movingMask(stamp) : null;
  }
}
