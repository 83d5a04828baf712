package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;

/** A picture that points are hosted in: its slot in the window, its time and its pose. */
record Keyframe(int slot, Timestamp stamp, Se3 T_cam_odom) {
  Keyframe withPose(Se3 newT_cam_odom) {
    return new Keyframe(slot, stamp, newT_cam_odom);
  }
}
