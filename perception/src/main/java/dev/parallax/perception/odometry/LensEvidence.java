package dev.parallax.perception.odometry;

/**
 * What the residuals of many keyframes, taken together, say about the calibration: chance scatters
 * from picture to picture, a wrong lens leaves the same pattern in each. One step of Gauss-Newton
 * from the calibration as given, pose and depths eliminated, the equations of all keyframes added.
 * Agent thread only.
 */
final class LensEvidence {
  /** Residuals of neighbouring points and keyframes err alike: so many count as one. */
  private static final double RESIDUALS_THAT_ERR_ALIKE = 16;

  /**
   * Poses and depths of the keyframes were found under the wrong calibration and take up part of
   * what it leaves: of a focal length a fifth off, or k1 of 0.1, a third to six tenths is left.
   */
  private static final double UNDERREAD = 2;

  private static final int N = LensDoubt.PARAMETERS;

  private final SymmetricSolver poseSolver = new SymmetricSolver(6);
  private final double[] information = new double[N * N];
  private final double[] gradient = new double[N];

  /** Adds a keyframe's equations. */
  void add(LensEquations equations) {
    double[][] solved = new double[N][6];
    for (int m = 0; m < N; m++) {
      if (!poseSolver.solve(
          equations.hessian, equations.right[m], LensEquations.DAMPING, solved[m])) {
        return;
      }
    }
    for (int m = 0; m < N; m++) {
      gradient[m] +=
          (equations.lensGradient[m] - dot(solved[m], equations.gradient))
              / RESIDUALS_THAT_ERR_ALIKE;
      for (int n = 0; n < N; n++) {
        information[N * m + n] +=
            (equations.lensHessian[N * m + n] - dot(solved[m], equations.right[n]))
                / RESIDUALS_THAT_ERR_ALIKE;
      }
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  /** {@code [2]} what the log of the focal length, and k1, are more than given; NaN: not told. */
  double[] told() {
    double determinant = determinant();
    if (!(determinant > 0)) {
      return new double[] {Double.NaN, Double.NaN};
    }
    return new double[] {
      (information[3] * gradient[0] - information[1] * gradient[1]) / determinant,
      (information[0] * gradient[1] - information[2] * gradient[0]) / determinant
    };
  }

  /** {@code [2]} one standard deviation of {@link #told}. */
  double[] toldStd() {
    double determinant = determinant();
    return new double[] {
      Math.sqrt(information[3] / determinant), Math.sqrt(information[0] / determinant)
    };
  }

  /**
   * {@code [2]} how far the calibration is off beyond what chance explains (the square told less
   * its variance); 0 where nothing is told.
   */
  double[] excess() {
    double[] told = told();
    double[] std = toldStd();
    double[] excess = new double[N];
    for (int k = 0; k < N; k++) {
      double square = told[k] * told[k] - std[k] * std[k];
      excess[k] = square > 0 ? UNDERREAD * Math.sqrt(square) : 0;
    }
    return excess;
  }

  private double determinant() {
    return information[0] * information[3] - information[1] * information[2];
  }
}
