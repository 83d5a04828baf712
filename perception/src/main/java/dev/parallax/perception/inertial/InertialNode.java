package dev.parallax.perception.inertial;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

/**
 * A moment at which the camera's pose is known by the pictures.
 *
 * @param place_odom {@code [3]} of the camera, in the pictures' unit of length
 * @param R_odom_imu how the sensor was turned
 * @param lever_odom {@code [3]} from the camera to the sensor, metres
 * @param since readings since the node before; null for the first
 */
record InertialNode(
    Timestamp stamp,
    double[] place_odom,
    Se3 R_odom_imu,
    double[] lever_odom,
    @Nullable Preintegration since) {
  /** To another node, in the pictures' unit of length. */
  double distance(InertialNode other) {
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      double d = other.place_odom[k] - place_odom[k];
      sum += d * d;
    }
    return Math.sqrt(sum);
  }

  /** In another unit of length, lengths multiplied as seen from a point of odom that stays. */
  InertialNode rescaled(double factor, double[] fixed_odom) {
    double[] place = place_odom.clone();
    for (int k = 0; k < 3; k++) {
      place[k] = fixed_odom[k] + factor * (place[k] - fixed_odom[k]);
    }
    return new InertialNode(stamp, place, R_odom_imu, lever_odom, since);
  }
}
