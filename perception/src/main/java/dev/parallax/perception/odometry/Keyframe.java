package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;

/**
 * A picture that points are hosted in.
 *
 * @param slot its place in the window
 * @param T_cam_odom of the middle row
 * @param twist {@code [6]} how the camera moved meanwhile, see {@link RollingShutter}; not to be
 *     changed
 */
record Keyframe(int slot, Timestamp stamp, Se3 T_cam_odom, double[] twist) {
  Keyframe withPose(Se3 newT_cam_odom) {
    return new Keyframe(slot, stamp, newT_cam_odom, twist);
  }

  Keyframe withTwist(double[] newTwist) {
    return new Keyframe(slot, stamp, T_cam_odom, newTwist);
  }
}
