package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;

/** How far the points moved in the picture, and how much of it the camera's turning explains. */
final class ApparentMotion {
  private final PinholeCamera camera;

  ApparentMotion(PinholeCamera camera) {
    this.camera = camera;
  }

  /** Median distance that points moved beyond what the camera's turning explains. */
  double parallaxShare(PointTracks points, Keyframe keyframe, Se3 T_cam_odom) {
    Se3 T_cam_key = T_cam_odom.times(keyframe.T_cam_odom().inverse());
    float[] seen = points.seen[keyframe.slot()];
    double[] moved = new double[points.count];
    int n = 0;
    for (int i = 0; i < points.count; i++) {
      double x = (seen[2 * i] - camera.cx()) / camera.fx();
      double y = (seen[2 * i + 1] - camera.cy()) / camera.fy();
      double z = T_cam_key.r(2, 0) * x + T_cam_key.r(2, 1) * y + T_cam_key.r(2, 2);
      if (z < 0.1) {
        continue;
      }
      double u =
          camera.fx() * (T_cam_key.r(0, 0) * x + T_cam_key.r(0, 1) * y + T_cam_key.r(0, 2)) / z
              + camera.cx();
      double v =
          camera.fy() * (T_cam_key.r(1, 0) * x + T_cam_key.r(1, 1) * y + T_cam_key.r(1, 2)) / z
              + camera.cy();
      moved[n++] = Math.hypot(points.uv[2 * i] - u, points.uv[2 * i + 1] - v);
    }
    if (n == 0) {
      return 0;
    }
    return OrderStatistic.median(moved, n) / camera.width();
  }
}
