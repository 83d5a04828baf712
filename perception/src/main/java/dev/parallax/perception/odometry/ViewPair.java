package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Se3;
import java.util.List;

/**
 * The way from the keyframe that hosts a point to a view that sees it, and how both cameras moved
 * while their pictures were read out.
 *
 * @param rotation {@code [9]} from the host, row-major
 * @param translation {@code [3]} from the host
 * @param hostTwist {@code [6]} see {@link RollingShutter}
 * @param twist {@code [6]} of the view
 */
record ViewPair(double[] rotation, double[] translation, double[] hostTwist, double[] twist) {
  /**
   * All ways between keyframes.
   *
   * @param T_cam_odom of each keyframe
   * @param out receives them by the view's place among the keyframes and the host's slot
   */
  static void fill(List<Keyframe> keyframes, Se3[] T_cam_odom, ViewPair[][] out) {
    for (int h = 0; h < T_cam_odom.length; h++) {
      Keyframe host = keyframes.get(h);
      Se3 T_odom_host = T_cam_odom[h].inverse();
      for (int k = 0; k < T_cam_odom.length; k++) {
        out[k][host.slot()] =
            of(T_cam_odom[k].times(T_odom_host), host.twist(), keyframes.get(k).twist());
      }
    }
  }

  static ViewPair of(Se3 T_view_host, double[] hostTwist, double[] twist) {
    return new ViewPair(T_view_host.rotation(), T_view_host.translation(), hostTwist, twist);
  }
}
