package dev.parallax.perception.geometry;

/** Covariances {@code [6 6]} row-major over (translation, rotation) of a pose's perturbation. */
public final class Covariance6 {
  private Covariance6() {}

  /**
   * From a perturbation on the right of a pose, or of what the pose maps from, to one on the left:
   * the adjoint on both sides.
   *
   * @param covariance {@code [6 6]}
   */
  public static double[] seenThrough(Se3 pose, double[] covariance) {
    return congruent(adjoint(pose), covariance);
  }

  /** {@code J C J'}, all {@code [6 6]} row-major. */
  public static double[] congruent(double[] j, double[] covariance) {
    double[] left = new double[36];
    for (int r = 0; r < 6; r++) {
      for (int c = 0; c < 6; c++) {
        double sum = 0;
        for (int k = 0; k < 6; k++) {
          sum += j[6 * r + k] * covariance[6 * k + c];
        }
        left[6 * r + c] = sum;
      }
    }
    double[] result = new double[36];
    for (int r = 0; r < 6; r++) {
      for (int c = 0; c < 6; c++) {
        double sum = 0;
        for (int k = 0; k < 6; k++) {
          sum += left[6 * r + k] * j[6 * c + k];
        }
        result[6 * r + c] = sum;
      }
    }
    return result;
  }

  /** {@code [6 6]} row-major: [R, [t]x R; 0, R] over (translation, rotation). */
  public static double[] adjoint(Se3 t) {
    double[] a = new double[36];
    double[] x = cross(t.tx(), t.ty(), t.tz());
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

  /** The matrix {@code [3 3]} row-major that takes a vector to its cross product with (x, y, z). */
  public static double[] cross(double x, double y, double z) {
    return new double[] {0, -z, y, z, 0, -x, -y, x, 0};
  }
}
