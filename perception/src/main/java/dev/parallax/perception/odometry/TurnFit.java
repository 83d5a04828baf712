package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * The turn of the camera that explains best how points moved between two pictures, and what it
 * leaves over. Iteratively re-weighted Gauss-Newton over three angles, Geman-McClure, its width
 * following the median. Agent thread only.
 */
final class TurnFit {
  private static final int ROUNDS = 8;
  private static final double KERNEL_WIDTH = 3;
  private static final double MIN_NOISE_PX = 0.25;

  /** A step smaller than this moves no point by a thousandth of a pixel. */
  private static final double SETTLED_RAD = 1e-6;

  /** A Rayleigh variable's median in standard deviations. */
  private static final double RAYLEIGH_MEDIAN = 1.1774;

  private final PinholeCamera camera;
  private final SymmetricSolver solver = new SymmetricSolver(3);
  private final double[] hessian = new double[9];
  private final double[] gradient = new double[3];
  private final double[] step = new double[3];
  private final double[] ju = new double[6];
  private final double[] jv = new double[6];
  private final double[] distances;
  private Se3 turn = Se3.identity();

  /** {@code [n 2]} motion that the turn does not explain, pixels of the later picture. */
  final double[] left;

  TurnFit(PinholeCamera camera, int capacity) {
    this.camera = camera;
    left = new double[2 * capacity];
    distances = new double[capacity];
  }

  /** Takes rays of the earlier picture to those of the later one. */
  Se3 turn() {
    return turn;
  }

  /**
   * @param n how many points
   * @param before {@code [n 2]} pixels in the earlier picture
   * @param now {@code [n 2]} pixels in the later one
   */
  void fit(int n, float[] before, float[] now) {
    turn = Se3.identity();
    for (int round = 0; round < ROUNDS; round++) {
      double width = KERNEL_WIDTH * noisePx(n, before, now);
      Arrays.fill(hessian, 0);
      Arrays.fill(gradient, 0);
      for (int i = 0; i < n; i++) {
        add(before, i, width);
      }
      if (!solver.solve(hessian, gradient, 1e-6, step)) {
        break;
      }
      turn = Se3.exp(new double[] {0, 0, 0, step[0], step[1], step[2]}).times(turn).normalised();
      if (Math.abs(step[0]) + Math.abs(step[1]) + Math.abs(step[2]) < SETTLED_RAD) {
        break;
      }
    }
    noisePx(n, before, now);
  }

  /** Fills {@link #left}; answers the spread of one component. */
  private double noisePx(int n, float[] before, float[] now) {
    for (int i = 0; i < n; i++) {
      double[] p = turned(before, i);
      left[2 * i] = now[2 * i] - (camera.fx() * p[0] / p[2] + camera.cx());
      left[2 * i + 1] = now[2 * i + 1] - (camera.fy() * p[1] / p[2] + camera.cy());
      distances[i] = Math.hypot(left[2 * i], left[2 * i + 1]);
    }
    return n == 0
        ? MIN_NOISE_PX
        : Math.max(MIN_NOISE_PX, OrderStatistic.median(distances, n) / RAYLEIGH_MEDIAN);
  }

  private double[] turned(float[] before, int i) {
    return turn.transform(
        (before[2 * i] - camera.cx()) / camera.fx(),
        (before[2 * i + 1] - camera.cy()) / camera.fy(),
        1);
  }

  private void add(float[] before, int i, double widthPx) {
    double[] p = turned(before, i);
    PoseJacobian.fill(camera, 0, p[0], p[1], p[2], ju, jv);
    double eu = left[2 * i];
    double ev = left[2 * i + 1];
    double kernel = 1 + (eu * eu + ev * ev) / (widthPx * widthPx);
    double w = 1 / (kernel * kernel);
    for (int r = 0; r < 3; r++) {
      gradient[r] += w * (ju[r + 3] * eu + jv[r + 3] * ev);
      for (int c = 0; c < 3; c++) {
        hessian[3 * r + c] += w * (ju[r + 3] * ju[c + 3] + jv[r + 3] * jv[c + 3]);
      }
    }
  }
}
