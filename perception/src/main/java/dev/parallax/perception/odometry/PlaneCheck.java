package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * Whether the points of known depth lie in one plane. Seen from one camera a plane's inverse depth
 * is linear in the picture: {@code rho = a x + b y + c}. Iteratively re-weighted least squares,
 * Geman-McClure, its width following the median. Agent thread only.
 */
final class PlaneCheck {
  /** Depth counts as known once its std is below this share of it. */
  private static final double KNOWN_RELATIVE_STD = 0.1;

  private static final int MIN_KNOWN = 60;

  /** Share of the points that agree with the pose whose depth has to be known. */
  private static final double MIN_KNOWN_SHARE = 0.4;

  /** A plane to this share of the depth; so many of the points have to be in it. */
  private static final double IN_PLANE = 0.08;

  private static final double MIN_IN_PLANE_SHARE = 0.9;
  private static final int ROUNDS = 8;
  private static final double KERNEL_WIDTH = 3;

  private final PinholeCamera camera;
  private final SymmetricSolver solver = new SymmetricSolver(3);
  private final double[] normal = new double[9];
  private final double[] right = new double[3];
  private final double[] plane = new double[3];
  private final double[] x;
  private final double[] y;
  private final double[] rho;
  private final double[] std;
  private final double[] sorted;
  private int known;

  PlaneCheck(PinholeCamera camera, int capacity) {
    this.camera = camera;
    x = new double[capacity];
    y = new double[capacity];
    rho = new double[capacity];
    std = new double[capacity];
    sorted = new double[capacity];
  }

  /**
   * @param agrees for each point, whether it agrees with the pose
   */
  boolean isPlaneOnly(PointTracks points, KeyframeWindow window, Se3 T_cam_odom, boolean[] agrees) {
    int agreeing = gather(points, window, T_cam_odom, agrees);
    if (known < MIN_KNOWN || known < MIN_KNOWN_SHARE * agreeing) {
      return false;
    }
    double width = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      if (!fit(width)) {
        return false;
      }
      for (int i = 0; i < known; i++) {
        sorted[i] = Math.abs(offPlane(i)) / std[i];
      }
      Arrays.sort(sorted, 0, known);
      width = KERNEL_WIDTH * Math.max(1, sorted[known / 2]);
    }
    int inPlane = 0;
    for (int i = 0; i < known; i++) {
      inPlane += Math.abs(offPlane(i)) < IN_PLANE * rho[i] ? 1 : 0;
    }
    return inPlane >= MIN_IN_PLANE_SHARE * known;
  }

  private int gather(PointTracks points, KeyframeWindow window, Se3 T_cam_odom, boolean[] agrees) {
    known = 0;
    int agreeing = 0;
    for (Keyframe keyframe : window.keyframes()) {
      Se3 T = T_cam_odom.times(keyframe.T_cam_odom().inverse());
      for (int i = 0; i < points.count; i++) {
        if (points.host[i] == keyframe.slot() && agrees[i]) {
          agreeing++;
          add(points, i, T);
        }
      }
    }
    return agreeing;
  }

  private void add(PointTracks points, int i, Se3 T_cam_host) {
    double z =
        T_cam_host.r(2, 0) * points.hostX[i]
            + T_cam_host.r(2, 1) * points.hostY[i]
            + T_cam_host.r(2, 2)
            + points.rho[i] * T_cam_host.tz();
    double relativeStd = Math.sqrt(points.variance[i]) / points.rho[i];
    if (z > 0 && relativeStd < KNOWN_RELATIVE_STD) {
      rho[known] = points.rho[i] / z;
      // No flat wall is flatter than a hundredth of its distance, for the lens's sake.
      std[known] = Math.hypot(relativeStd, 0.01) * rho[known];
      x[known] = (points.uv[2 * i] - camera.cx()) / camera.fx();
      y[known] = (points.uv[2 * i + 1] - camera.cy()) / camera.fy();
      known++;
    }
  }

  private boolean fit(double width) {
    Arrays.fill(normal, 0);
    Arrays.fill(right, 0);
    for (int i = 0; i < known; i++) {
      double e = Double.isInfinite(width) ? 0 : offPlane(i) / (std[i] * width);
      double kernel = 1 + e * e;
      double w = 1 / (std[i] * std[i] * kernel * kernel);
      double[] j = {x[i], y[i], 1};
      for (int r = 0; r < 3; r++) {
        right[r] += w * j[r] * rho[i];
        for (int c = 0; c < 3; c++) {
          normal[3 * r + c] += w * j[r] * j[c];
        }
      }
    }
    return solver.solve(normal, right, 0, plane);
  }

  private double offPlane(int i) {
    return rho[i] - plane[0] * x[i] - plane[1] * y[i] - plane[2];
  }
}
