package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Se3;

/**
 * Another unit of length: every distance from a point of odom is multiplied, and that point may
 * itself be moved.
 *
 * @param factor what all lengths are multiplied by
 * @param from_odom {@code [3]} the point before, in the old unit; not to be changed
 * @param to_odom {@code [3]} where it is afterwards, in the new unit; not to be changed
 */
record UnitChange(double factor, double[] from_odom, double[] to_odom) {
  /** About a point that stays. */
  static UnitChange about(double factor, double[] fixed_odom) {
    return new UnitChange(factor, fixed_odom, fixed_odom);
  }

  /** The inverse of a camera's pose as it becomes. */
  Se3 moved(Se3 T_cam_odom) {
    return movedCamera(T_cam_odom.inverse()).inverse();
  }

  /** A camera's pose as it becomes. */
  Se3 movedCamera(Se3 T_odom_cam) {
    double[] t = T_odom_cam.translation();
    for (int k = 0; k < 3; k++) {
      t[k] = to_odom[k] + factor * (t[k] - from_odom[k]);
    }
    return Se3.of(T_odom_cam.rotation(), t);
  }

  /** The newest track as it becomes. */
  Odometry.Track changed(Odometry.Track track) {
    return new Odometry.Track(
        moved(track.T_odom_cam().inverse()).inverse(),
        track.T_cur_prev().scaledTranslation(factor),
        PoseCovariance.rescaled(track.covariance(), factor, from_odom),
        PoseCovariance.motionRescaled(track.motionCovariance(), factor),
        track.inlierShare(),
        track.wantsKeyframe(),
        track.figures());
  }
}
