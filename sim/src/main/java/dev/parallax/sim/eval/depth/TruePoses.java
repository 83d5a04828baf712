package dev.parallax.sim.eval.depth;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.StampedPose;
import dev.parallax.sim.eval.odometry.PosePair;
import dev.parallax.sim.eval.odometry.TrajectoryAssociation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** True motions between input pictures that follow one another. */
final class TruePoses {
  private final Map<Timestamp, PosePair> byStamp = new HashMap<>();

  /**
   * @param stamps of the frames that will be asked for
   */
  TruePoses(GroundTruth truth, List<Timestamp> stamps) {
    if (truth.frameStamps().size() < 2) {
      return;
    }
    List<StampedPose> wanted =
        stamps.stream().map(t -> new StampedPose(t, Se3.identity())).toList();
    TrajectoryAssociation association = new TrajectoryAssociation(truth.frameStamps());
    for (PosePair pair : association.associate(wanted, truth.poses())) {
      byStamp.put(pair.stamp(), pair);
    }
  }

  /** Maps points of the picture before; null unless both poses are known and none lies between. */
  @Nullable Se3 T_now_then(Timestamp before, Timestamp stamp) {
    PosePair then = byStamp.get(before);
    PosePair now = byStamp.get(stamp);
    if (then == null || now == null || now.frameIndex() != then.frameIndex() + 1) {
      return null;
    }
    return now.T_world_cam().inverse().times(then.T_world_cam());
  }
}
