package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Se3;

/** Moves pose covariances between frames. */
final class PoseCovariance {
  private PoseCovariance() {}

  /**
   * From a left perturbation of T_cam_odom to one of T_odom_cam: the adjoint of T_odom_cam on both
   * sides (signs cancel).
   *
   * @param local {@code [6 6]} (translation, rotation)
   */
  static double[] toOdom(Se3 T_odom_cam, double[] local) {
    double[] adjoint = adjoint(T_odom_cam);
    double[] left = new double[36];
    for (int r = 0; r < 6; r++) {
      for (int c = 0; c < 6; c++) {
        double sum = 0;
        for (int k = 0; k < 6; k++) {
          sum += adjoint[6 * r + k] * local[6 * k + c];
        }
        left[6 * r + c] = sum;
      }
    }
    double[] result = new double[36];
    for (int r = 0; r < 6; r++) {
      for (int c = 0; c < 6; c++) {
        double sum = 0;
        for (int k = 0; k < 6; k++) {
          sum += left[6 * r + k] * adjoint[6 * c + k];
        }
        result[6 * r + c] = sum;
      }
    }
    return result;
  }

  /** [R, [t]x R; 0, R] over (translation, rotation). */
  private static double[] adjoint(Se3 t) {
    double[] a = new double[36];
    double[] x = {0, -t.tz(), t.ty(), t.tz(), 0, -t.tx(), -t.ty(), t.tx(), 0};
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        a[6 * r + c] = t.r(r, c);
        a[6 * (r + 3) + c + 3] = t.r(r, c);
        double sum = 0;
        for (int k = 0; k < 3; k++) {
          sum += x[3 * r + k] * t.r(k, c);
        }
        a[6 * r + c + 3] = sum;
      }
    }
    return a;
  }
}
