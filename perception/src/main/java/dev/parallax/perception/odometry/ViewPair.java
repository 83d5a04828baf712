package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Se3;

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
  static ViewPair of(Se3 T_view_host, double[] hostTwist, double[] twist) {
    return new ViewPair(T_view_host.rotation(), T_view_host.translation(), hostTwist, twist);
  }
}
