package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;

/**
 * At which inverse depth a point is seen closest to where it was seen, in closed form: along the
 * epipolar line of two poses the difference is perpendicular to the line. Agent thread only.
 */
final class NearestDepth {
  private static final double INFINITE = 1e6;

  private final PinholeCamera camera;
  private final PointInView point = new PointInView();

  NearestDepth(PinholeCamera camera) {
    this.camera = camera;
  }

  /**
   * @param points whose point {@code i} it is
   * @param hostS when the host's row was read, seconds after its middle row
   * @param s when the row that sees it now was read
   * @return inverse depth in the host, in the poses' unit, negative behind the camera; NaN where
   *     the poses do not tell it
   */
  double of(PointTracks points, int i, ViewPair pair, double hostS, double s) {
    // What the camera sees is a straight function of inverse depth: two values give it.
    point.place(points, i, 0, pair, hostS, s);
    double x = point.px;
    double y = point.py;
    double z = point.pz;
    point.place(points, i, 1, pair, hostS, s);
    double tx = point.px - x;
    double ty = point.py - y;
    double tz = point.pz - z;
    double zu = points.uv[2 * i] - camera.cx();
    double zv = points.uv[2 * i + 1] - camera.cy();
    double alongU = camera.fx() * (tx * z - x * tz);
    double alongV = camera.fy() * (ty * z - y * tz);
    double seen = alongU * zu + alongV * zv;
    double d =
        (alongU * camera.fx() * x + alongV * camera.fy() * y - seen * z)
            / (seen * tz - alongU * camera.fx() * tx - alongV * camera.fy() * ty);
    return Math.abs(d) < INFINITE ? d : Double.NaN;
  }
}
