package dev.parallax.nodes.fleet;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayDeque;
import java.util.Deque;

/** How two estimates of the same camera's way come apart over the last frames. Not thread-safe. */
final class PathDrift {
  private static final int FRAMES = 300;

  private final Deque<Pair> pairs = new ArrayDeque<>();

  private record Pair(Se3 T_odom_cam, Se3 T_odom_cam_other) {}

  /**
   * What came out; NaN where the camera has not moved.
   *
   * @param scaleRatio way of the first over that of the other
   * @param share how far the ends of both ways are apart, over the way of the first
   */
  record Drift(double scaleRatio, double share, double degrees) {}

  void add(Se3 T_odom_cam, Se3 T_odom_cam_other) {
    pairs.add(new Pair(T_odom_cam, T_odom_cam_other));
    if (pairs.size() > FRAMES) {
      pairs.removeFirst();
    }
  }

  /** One of the two has begun anew. */
  void clear() {
    pairs.clear();
  }

  /**
   * @param scaled whether the other's lengths are first brought to the first's unit
   */
  Drift drift(boolean scaled) {
    double way = 0;
    double otherWay = 0;
    Pair before = null;
    for (Pair pair : pairs) {
      if (before != null) {
        way += step(before.T_odom_cam, pair.T_odom_cam);
        otherWay += step(before.T_odom_cam_other, pair.T_odom_cam_other);
      }
      before = pair;
    }
    Pair first = pairs.peekFirst();
    if (first == null || before == null || way == 0 || otherWay == 0) {
      return new Drift(Double.NaN, Double.NaN, Double.NaN);
    }
    double ratio = way / otherWay;
    Se3 T_first_last = first.T_odom_cam.inverse().times(before.T_odom_cam);
    Se3 T_first_last_other = first.T_odom_cam_other.inverse().times(before.T_odom_cam_other);
    Se3 apart =
        T_first_last.inverse().times(T_first_last_other.scaledTranslation(scaled ? ratio : 1));
    return new Drift(ratio, apart.distance() / way, Math.toDegrees(apart.angleRad()));
  }

  private static double step(Se3 from, Se3 to) {
    return from.inverse().times(to).distance();
  }
}
