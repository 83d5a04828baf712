package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Arrays;

/**
 * Tells a camera at rest from one that moves by what moves in the picture. Two explanations are
 * held against each other: that the camera rests, and the best camera motion that can be fitted to
 * the regions' motions. The camera moves if its motion explains significantly more, a likelihood
 * ratio of six degrees of freedom with costs that are cut off, so that a region nobody can explain
 * (somebody walks there) takes no side. Agent thread only.
 */
final class RestEvidence {
  /** Regions disagree beyond this many standard errors: one in 3000 of them by chance. */
  private static final double CUT_OFF = 4;

  /**
   * A region that stays to the pixel's hundredth while the camera is said to move speaks louder
   * than one whose motion the camera's might explain.
   */
  private static final double REST_WEIGHT = 2;

  /** Fewer regions decide nothing. */
  private static final int MIN_REGIONS = 6;

  /**
   * At rest at least this share of the regions is where it was. On a road a third of them may be,
   * though the camera drives: what lies far ahead, and asphalt on which nothing is found again.
   */
  private static final double MIN_RESTING_SHARE = 0.4;

  private static final int ROUNDS = 8;

  /** Kernel widths in standard errors, from one that takes every region in. */
  private static final double[] WIDTHS = {64, 32, 16, 8, CUT_OFF, CUT_OFF, CUT_OFF, CUT_OFF};

  private final PinholeCamera camera;
  private final SymmetricSolver solver = new SymmetricSolver(6);
  private final double[] hessian = new double[36];
  private final double[] gradient = new double[6];
  private final double[] motion = new double[6];
  private final double[] best = new double[6];
  private final double[][] ju = new double[RegionMotions.CAPACITY][6];
  private final double[][] jv = new double[RegionMotions.CAPACITY][6];

  RestEvidence(PinholeCamera camera) {
    this.camera = camera;
  }

  /**
   * What the regions say.
   *
   * @param restIsSeen whether enough regions are where they were for the camera to rest at all
   * @param flowPx how far the best camera motion moves the picture, root mean square
   * @param gain how much better that motion explains the regions than rest does; at rest
   *     chi-squared with six degrees of freedom, if the regions' errors are independent
   */
  record Verdict(boolean restIsSeen, double flowPx, double gain) {
    /** Whether the camera has moved by more than the figures given. */
    boolean moves(double minGain, double minFlowPx) {
      return !restIsSeen || gain > minGain && flowPx > minFlowPx;
    }
  }

  Verdict judge(RegionMotions regions) {
    if (regions.count < MIN_REGIONS) {
      return new Verdict(false, Double.NaN, Double.NaN);
    }
    for (int k = 0; k < regions.count; k++) {
      PoseJacobian.fill(camera, regions.rho[k], regions.x[k], regions.y[k], 1, ju[k], jv[k]);
    }
    Arrays.fill(best, 0);
    double[] rest = best.clone();
    double restCost = cost(regions, rest);
    double bestCost = restCost;
    for (boolean wide : new boolean[] {false, true}) {
      fit(regions, wide);
      double found = cost(regions, motion);
      if (found < bestCost) {
        bestCost = found;
        System.arraycopy(motion, 0, best, 0, 6);
      }
    }
    double gain = 0;
    int resting = 0;
    for (int k = 0; k < regions.count; k++) {
      double less = squared(regions, rest, k) - squared(regions, best, k);
      gain += less > 0 ? less : REST_WEIGHT * less;
      resting += squared(regions, rest, k) < CUT_OFF * CUT_OFF ? 1 : 0;
    }
    return new Verdict(resting >= MIN_RESTING_SHARE * regions.count, flowPx(regions), gain);
  }

  /** Iteratively re-weighted least squares for {@link #motion}, Geman-McClure. */
  private void fit(RegionMotions regions, boolean wide) {
    Arrays.fill(motion, 0);
    for (int round = 0; round < ROUNDS; round++) {
      Arrays.fill(hessian, 0);
      Arrays.fill(gradient, 0);
      double width = wide ? WIDTHS[round] : CUT_OFF;
      for (int k = 0; k < regions.count; k++) {
        add(regions, k, width);
      }
      if (!solver.solve(hessian, gradient, 1e-6, motion)) {
        Arrays.fill(motion, 0);
        return;
      }
    }
  }

  private void add(RegionMotions regions, int k, double width) {
    double eu = regions.du[k] - dot(ju[k], motion);
    double ev = regions.dv[k] - dot(jv[k], motion);
    double information = 1 / (regions.std[k] * regions.std[k]);
    double kernel = 1 + (eu * eu + ev * ev) * information / (width * width);
    double w = information / (kernel * kernel);
    for (int r = 0; r < 6; r++) {
      gradient[r] += w * (ju[k][r] * regions.du[k] + jv[k][r] * regions.dv[k]);
      for (int c = 0; c < 6; c++) {
        hessian[6 * r + c] += w * (ju[k][r] * ju[k][c] + jv[k][r] * jv[k][c]);
      }
    }
  }

  private double cost(RegionMotions regions, double[] of) {
    double sum = 0;
    for (int k = 0; k < regions.count; k++) {
      sum += squared(regions, of, k);
    }
    return sum;
  }

  /** Squared disagreement in standard errors, cut off. */
  private double squared(RegionMotions regions, double[] of, int k) {
    double eu = regions.du[k] - dot(ju[k], of);
    double ev = regions.dv[k] - dot(jv[k], of);
    return Math.min((eu * eu + ev * ev) / (regions.std[k] * regions.std[k]), CUT_OFF * CUT_OFF);
  }

  /** Over the regions that the best motion explains. */
  private double flowPx(RegionMotions regions) {
    double sum = 0;
    int n = 0;
    for (int k = 0; k < regions.count; k++) {
      if (squared(regions, best, k) < CUT_OFF * CUT_OFF) {
        double u = dot(ju[k], best);
        double v = dot(jv[k], best);
        sum += u * u + v * v;
        n++;
      }
    }
    return n == 0 ? 0 : Math.sqrt(sum / n);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < 6; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }
}
