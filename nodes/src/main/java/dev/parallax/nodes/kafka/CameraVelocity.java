package dev.parallax.nodes.kafka;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

/** A camera's velocity from one published pose to the next. Not thread-safe. */
final class CameraVelocity {
  /** From further back it would be a mean of too much. */
  private static final double MOST_S = 1;

  private @Nullable Se3 T_odom_before;
  private @Nullable Timestamp before;

  /** Goes on from a pose that another node has published. */
  void goOnFrom(Se3 T_odom_cam, Timestamp stamp) {
    T_odom_before = T_odom_cam;
    before = stamp;
  }

  /** The next pose is of another odom. */
  void beginAnew() {
    T_odom_before = null;
    before = null;
  }

  /**
   * Takes the next pose.
   *
   * @return metres (or relative units) and radians a second along and about the camera's own axes,
   *     the constant twist between the two poses; null where there is none before, or too long ago
   */
  double @Nullable [] next(Se3 T_odom_cam, Timestamp stamp) {
    double[] twist = null;
    if (T_odom_before != null && before != null) {
      double dtS = stamp.secondsSince(before);
      if (dtS > 0 && dtS <= MOST_S) {
        twist = T_odom_before.inverse().times(T_odom_cam).log();
        for (int i = 0; i < twist.length; i++) {
          twist[i] /= dtS;
        }
      }
    }
    T_odom_before = T_odom_cam;
    before = stamp;
    return twist;
  }
}
