package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * How each region of the picture moved since the points were last anchored: the median over its
 * points, with a standard error from how they scatter about it. A region is known far better than
 * one point, so that a slow camera, which moves them all, stands out from noise, and whoever walks
 * through the picture moves few of them. Agent thread only.
 */
final class RegionMotions {
  /** With fewer points a region says nothing. */
  private static final int MIN_POINTS = 4;

  /** Lucas-Kanade looks at this many pixels: points that share them err alike. */
  private static final double TRACKED_PATCH_PX2 = 11 * 11;

  /** No region is known better than this, whatever the noise: lenses, light and JPEG see to it. */
  private static final double MIN_STD_PX = 0.02;

  /** Standard deviation of a median over that of a mean. */
  private static final double MEDIAN_STD = 1.2533;

  static final int CAPACITY = PictureRegions.COUNT;

  private final PinholeCamera camera;
  private final PictureRegions regions;
  private final int[] region;
  private final int[] members;
  private final double[] values;
  private final double[] spread = new double[CAPACITY];
  private final int[] size = new int[CAPACITY];
  private final Se3[] T_cam_host = new Se3[PointTracks.SLOTS];

  int count;
  final double[] du = new double[CAPACITY];
  final double[] dv = new double[CAPACITY];

  /** Standard error of {@link #du} and of {@link #dv}, pixels. */
  final double[] std = new double[CAPACITY];

  /** Slopes of the viewing ray to the middle of the region's points, and their inverse depth. */
  final double[] x = new double[CAPACITY];

  final double[] y = new double[CAPACITY];
  final double[] rho = new double[CAPACITY];

  RegionMotions(PinholeCamera camera, int capacity) {
    this.camera = camera;
    regions = new PictureRegions(camera);
    region = new int[capacity];
    members = new int[capacity];
    values = new double[capacity];
  }

  /**
   * Looks at the points that Lucas-Kanade confirmed.
   *
   * @param misses for each point, in how many pictures in a row it went unconfirmed
   * @param T_cam_odom the pose that the anchors belong to
   */
  void measure(PointTracks points, byte[] misses, KeyframeWindow window, Se3 T_cam_odom) {
    for (Keyframe keyframe : window.keyframes()) {
      T_cam_host[keyframe.slot()] = T_cam_odom.times(keyframe.T_cam_odom().inverse());
    }
    for (int i = 0; i < points.count; i++) {
      region[i] = misses[i] == 0 ? regions.of(points.anchor[2 * i], points.anchor[2 * i + 1]) : -1;
    }
    count = 0;
    for (int r = 0; r < CAPACITY; r++) {
      measure(points, r);
    }
    addStandardErrors();
  }

  private void measure(PointTracks points, int r) {
    int n = 0;
    for (int i = 0; i < points.count; i++) {
      if (region[i] == r) {
        members[n++] = i;
      }
    }
    if (n < MIN_POINTS) {
      return;
    }
    du[count] = medianMotion(points, n, 0);
    double spreadU = deviation(n, du[count]);
    dv[count] = medianMotion(points, n, 1);
    double spreadV = deviation(n, dv[count]);
    spread[count] = Math.sqrt((spreadU * spreadU + spreadV * spreadV) / 2);
    size[count] = n;
    x[count] = (median(points.anchor, n, 0) - camera.cx()) / camera.fx();
    y[count] = (median(points.anchor, n, 1) - camera.cy()) / camera.fy();
    rho[count] = medianInverseDepth(points, n);
    count++;
  }

  private double medianMotion(PointTracks points, int n, int axis) {
    for (int m = 0; m < n; m++) {
      int at = 2 * members[m] + axis;
      values[m] = points.uv[at] - points.anchor[at];
    }
    return median(n);
  }

  /** Of what the last median was taken over; destroys it. */
  private double deviation(int n, double median) {
    for (int m = 0; m < n; m++) {
      values[m] = Math.abs(values[m] - median);
    }
    return OrderStatistic.STD_OVER_MAD * median(n);
  }

  private double median(float[] pixels, int n, int axis) {
    for (int m = 0; m < n; m++) {
      values[m] = pixels[2 * members[m] + axis];
    }
    return median(n);
  }

  private double medianInverseDepth(PointTracks points, int n) {
    for (int m = 0; m < n; m++) {
      int i = members[m];
      Se3 T = T_cam_host[points.host[i]];
      double z =
          T.r(2, 0) * points.hostX[i]
              + T.r(2, 1) * points.hostY[i]
              + T.r(2, 2)
              + points.rho[i] * T.tz();
      values[m] = points.rho[i] / Math.max(z, 1e-3);
    }
    return median(n);
  }

  private double median(int n) {
    double upper = OrderStatistic.median(values, n);
    return n % 2 == 1 ? upper : (OrderStatistic.select(values, n, n / 2 - 1) + upper) / 2;
  }

  /** A handful of points may agree by chance, so no region scatters less than the typical one. */
  private void addStandardErrors() {
    if (count == 0) {
      return;
    }
    double typical = OrderStatistic.median(Arrays.copyOf(spread, count), count);
    double regionPx2 = (double) camera.width() * camera.height() / CAPACITY;
    for (int k = 0; k < count; k++) {
      double independent = Math.max(1, Math.min(size[k], regionPx2 / TRACKED_PATCH_PX2));
      double error = MEDIAN_STD * Math.max(spread[k], typical) / Math.sqrt(independent);
      std[k] = Math.max(error, MIN_STD_PX);
    }
  }
}
