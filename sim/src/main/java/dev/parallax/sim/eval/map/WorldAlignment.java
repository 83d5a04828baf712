package dev.parallax.sim.eval.map;

import dev.parallax.perception.geometry.RigidAlignment;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.odometry.PosePair;
import java.util.List;

/**
 * Takes a run's own world to the true one, by orientations as well as positions: positions alone
 * would leave a map free to roll about a straight path.
 *
 * <p>The rotation is the one that best turns all estimated camera axes into the true ones; the
 * scale is given; the translation joins the mean positions.
 *
 * @param scale metres in the run's unit of length
 * @param T_world_odom applied after the scale
 */
record WorldAlignment(double scale, Se3 T_world_odom) {

  /**
   * @param pairs at least one
   */
  static WorldAlignment of(List<PosePair> pairs, double scale) {
    double[] estimate = axes(pairs.stream().map(PosePair::T_odom_cam).toList());
    double[] truth = axes(pairs.stream().map(PosePair::T_world_cam).toList());
    Se3 rotation =
        RigidAlignment.rigid(estimate, truth, null)
            .orElseThrow(() -> new IllegalArgumentException("A pose is not finite"))
            .T_q_p();
    double[] offset = new double[3];
    for (PosePair pair : pairs) {
      Se3 e = pair.T_odom_cam();
      double[] turned = rotation.transform(scale * e.tx(), scale * e.ty(), scale * e.tz());
      double[] wanted = pair.T_world_cam().translation();
      for (int k = 0; k < 3; k++) {
        // The fit's own translation is zero, since each axis is there with its opposite.
        offset[k] += (wanted[k] - turned[k]) / pairs.size();
      }
    }
    return new WorldAlignment(scale, Se3.of(rotation.rotation(), offset));
  }

  /** The camera in the true world, metres. */
  Se3 camera(Se3 T_odom_cam) {
    return T_world_odom.times(T_odom_cam.scaledTranslation(scale));
  }

  /** {@code [6 n 3]} the ends of all camera axes and of their opposites, about the origin. */
  private static double[] axes(List<Se3> poses) {
    double[] ends = new double[18 * poses.size()];
    int at = 0;
    for (Se3 pose : poses) {
      for (int sign = -1; sign <= 1; sign += 2) {
        for (int column = 0; column < 3; column++) {
          for (int row = 0; row < 3; row++) {
            ends[at++] = sign * pose.r(row, column);
          }
        }
      }
    }
    return ends;
  }
}
