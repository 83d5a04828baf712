package dev.parallax.sim.baseline;

import dev.parallax.perception.geometry.Se3;

/** A picture that points are triangulated from. Its pose changes when it is adjusted. */
final class Keyframe {
  Se3 T_cam_odom;

  Keyframe(Se3 T_cam_odom) {
    this.T_cam_odom = T_cam_odom;
  }
}
