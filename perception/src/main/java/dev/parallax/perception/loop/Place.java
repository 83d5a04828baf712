package dev.parallax.perception.loop;

import dev.parallax.kernels.Features;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;

/**
 * A picture that may be recognised later.
 *
 * @param index counts places from 0
 * @param segment which odom segment its pose belongs to; lengths of two segments may differ in unit
 * @param T_odom_cam its pose when it was seen
 * @param features described points, pixels of the rectified picture
 * @param points_cam {@code [n 3]} the same points in the camera's frame, NaN where depth is unknown
 * @param typicalDepth median depth of the points, in odom's unit
 */
record Place(
    int index,
    int segment,
    Se3 T_odom_cam,
    Features features,
    float[] points_cam,
    double typicalDepth) {

  /** Lifts the features by the depth under them. */
  static float[] lift(
      Features features, PinholeCamera camera, DepthMap depth, PinholeCamera depthCamera) {
    float[] points = new float[3 * features.count()];
    for (int i = 0; i < features.count(); i++) {
      double x = (features.uv()[2 * i] - camera.cx()) / camera.fx();
      double y = (features.uv()[2 * i + 1] - camera.cy()) / camera.fy();
      int u = (int) Math.round(depthCamera.fx() * x + depthCamera.cx());
      int v = (int) Math.round(depthCamera.fy() * y + depthCamera.cy());
      boolean inside = u >= 0 && v >= 0 && u < depth.width() && v < depth.height();
      float d = inside ? depth.depthM()[v * depth.width() + u] : Float.NaN;
      boolean known = d > 0 && d < Float.POSITIVE_INFINITY;
      points[3 * i] = known ? (float) (x * d) : Float.NaN;
      points[3 * i + 1] = known ? (float) (y * d) : Float.NaN;
      points[3 * i + 2] = known ? d : Float.NaN;
    }
    return points;
  }

  /** Median depth of lifted points; NaN if none is known. */
  static double typicalDepth(float[] points_cam) {
    double[] depths = new double[points_cam.length / 3];
    int n = 0;
    for (int i = 2; i < points_cam.length; i += 3) {
      if (!Float.isNaN(points_cam[i])) {
        depths[n++] = points_cam[i];
      }
    }
    return n == 0 ? Double.NaN : OrderStatistic.median(depths, n);
  }
}
