package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Se3;

/**
 * Fuses what a depth sensor sees at a keyframe into the inverse depths of the points, each in its
 * host: {@code rho = q m / (1 - m t_z)} with {@code m} the measured inverse depth and {@code q} the
 * share of the host's depth that the camera's axis sees.
 */
final class MeasuredDepth {
  /**
   * Squared standard deviations: farther off it is an edge, a reflection or something that came.
   */
  private static final double GATE = 9;

  /** However often it is measured: a sensor errs alike over a surface and over time. */
  private static final double MIN_RELATIVE_STD = 0.01;

  /** Less than this share of the host's depth left, the point is seen from the side or behind. */
  private static final double MIN_DEPTH_SHARE = 0.2;

  private final double[] measured = new double[2];

  /**
   * @param T_cam_odom the pose of the picture in which the sensor measured and the points are now
   * @param sensor inverse depth along the optical axis there, and its variance
   */
  void fuse(PointTracks points, KeyframeWindow window, Se3 T_cam_odom, DepthHint sensor) {
    for (Keyframe keyframe : window.keyframes()) {
      Se3 T_cam_host = T_cam_odom.times(keyframe.T_cam_odom().inverse());
      for (int i = 0; i < points.count; i++) {
        if (points.host[i] == keyframe.slot()
            && sensor.at(points.uv[2 * i], points.uv[2 * i + 1], measured)) {
          fuse(points, i, T_cam_host);
        }
      }
    }
  }

  private void fuse(PointTracks points, int i, Se3 T_cam_host) {
    double share =
        T_cam_host.r(2, 0) * points.hostX[i]
            + T_cam_host.r(2, 1) * points.hostY[i]
            + T_cam_host.r(2, 2);
    double ahead = 1 - measured[0] * T_cam_host.tz();
    if (share < MIN_DEPTH_SHARE || ahead < MIN_DEPTH_SHARE) {
      return;
    }
    double rho = share * measured[0] / ahead;
    double slope = share / (ahead * ahead);
    double variance = slope * slope * measured[1];
    double off = rho - points.rho[i];
    if (off * off > GATE * (variance + points.variance[i])) {
      return;
    }
    double gain = points.variance[i] / (points.variance[i] + variance);
    points.rho[i] += gain * off;
    double least = MIN_RELATIVE_STD * points.rho[i];
    points.variance[i] = Math.max(points.variance[i] * (1 - gain), least * least);
  }
}
