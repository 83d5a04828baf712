package dev.parallax.perception.sceneflow;

import dev.parallax.perception.geometry.OrderStatistic;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * How a body moved relative to the camera, over its depth, from the flow of its points: a point on
 * the ray {@code r = (x, y, 1)} at depth Z that was on the ray q (turned into the present axes, q_z
 * = 1) moved by D, so that with tau = D / Z it holds that {@code (x, y) - (q_x, q_y) = (tau_x,
 * tau_y) - (q_x, q_y) tau_z}. All points of a body are taken to be equally far. Least squares with
 * Geman-McClure weights: what swings beside the trunk counts little. The depth itself cannot be
 * told from flow. Agent thread only.
 */
final class BodyMotionFit {
  private static final int ROUNDS = 5;

  /** Flow is never surer than this, picture pixels. */
  private static final double FLOOR_PX = 0.25;

  /** Flow's patches make this many cells err alike. */
  private static final double CORRELATED_CELLS = 16;

  /** What all flow of a body may be off by alike, picture pixels. */
  private static final double COMMON_PX = 0.1;

  private final double focalPx;
  private final DMatrixRMaj normal = new DMatrixRMaj(3, 3);
  private final double[] right = new double[3];
  private double[] x = new double[0];
  private double[] y = new double[0];
  private double[] qx = new double[0];
  private double[] qy = new double[0];
  private double[] values = new double[0];
  private int count;
  private double correlated = CORRELATED_CELLS;

  /** {@code [3]} the motion over the depth, axes of the current camera. */
  final double[] tau = new double[3];

  /** {@code [3 3]} its covariance. */
  final DMatrixRMaj covariance = new DMatrixRMaj(3, 3);

  BodyMotionFit(double focalPx) {
    this.focalPx = focalPx;
  }

  /**
   * Begins with no points.
   *
   * @param step each point that will be added stands for so many cells
   */
  void begin(int most, int step) {
    correlated = Math.max(1, CORRELATED_CELLS / step);
    if (x.length < most) {
      x = new double[most];
      y = new double[most];
      qx = new double[most];
      qy = new double[most];
      values = new double[most];
    }
    count = 0;
  }

  void add(double rayX, double rayY, double beforeX, double beforeY) {
    x[count] = rayX;
    y[count] = rayY;
    qx[count] = beforeX;
    qy[count++] = beforeY;
  }

  int count() {
    return count;
  }

  /**
   * Solves for the motion.
   *
   * @param tauZ where to begin, along the view
   * @return false where the points do not tell
   */
  boolean solve(double tauZ) {
    if (count < 3) {
      return false;
    }
    for (int i = 0; i < count; i++) {
      values[i] = x[i] - qx[i] * (1 - tauZ);
    }
    tau[0] = median();
    for (int i = 0; i < count; i++) {
      values[i] = y[i] - qy[i] * (1 - tauZ);
    }
    tau[1] = median();
    tau[2] = tauZ;
    double spread = 0;
    for (int round = 0; round < ROUNDS; round++) {
      spread = spread();
      if (!step(spread)) {
        return false;
      }
    }
    double common = COMMON_PX / focalPx;
    CommonOps_DDRM.scale(correlated * spread * spread, covariance);
    for (int k = 0; k < 2; k++) {
      covariance.add(k, k, common * common);
    }
    return true;
  }

  private double median() {
    return OrderStatistic.median(values, count);
  }

  /** A robust std of the residuals, by their median. */
  private double spread() {
    for (int i = 0; i < count; i++) {
      values[i] = errorX(i) * errorX(i) + errorY(i) * errorY(i);
    }
    return Math.max(
        FLOOR_PX / focalPx, Math.sqrt(median()) / 1.18); // the median of a Rayleigh variable
  }

  private double errorX(int i) {
    return x[i] - qx[i] - tau[0] + qx[i] * tau[2];
  }

  private double errorY(int i) {
    return y[i] - qy[i] - tau[1] + qy[i] * tau[2];
  }

  private boolean step(double spread) {
    normal.zero();
    Arrays.fill(right, 0);
    double bound = 4 * spread * spread;
    for (int i = 0; i < count; i++) {
      double ex = errorX(i);
      double ey = errorY(i);
      double share = 1 / (1 + (ex * ex + ey * ey) / bound);
      double w = share * share;
      double dx = x[i] - qx[i];
      double dy = y[i] - qy[i];
      normal.add(0, 0, w);
      normal.add(1, 1, w);
      normal.add(0, 2, -w * qx[i]);
      normal.add(1, 2, -w * qy[i]);
      normal.add(2, 2, w * (qx[i] * qx[i] + qy[i] * qy[i]));
      right[0] += w * dx;
      right[1] += w * dy;
      right[2] -= w * (qx[i] * dx + qy[i] * dy);
    }
    normal.set(2, 0, normal.get(0, 2));
    normal.set(2, 1, normal.get(1, 2));
    // A body that covers few pixels tells nothing along the view: it is then held at rest there.
    normal.add(2, 2, 1e-6);
    if (!CommonOps_DDRM.invert(normal, covariance)) {
      return false;
    }
    for (int k = 0; k < 3; k++) {
      tau[k] =
          covariance.get(k, 0) * right[0]
              + covariance.get(k, 1) * right[1]
              + covariance.get(k, 2) * right[2];
    }
    return Double.isFinite(tau[0] + tau[1] + tau[2]);
  }
}
