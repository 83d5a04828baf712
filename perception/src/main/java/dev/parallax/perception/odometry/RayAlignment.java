package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.RigidAlignment;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Optional;

/**
 * The rigid motion that takes points onto the rays on which they are seen, in closed form and
 * without a guess. How far a point is along its ray is not measured; it is taken from the motion
 * found so far, and motion and place follow from each other in a few rounds (Lu, Hager and
 * Mjolsness 2000, whose closed form of the translation is used). Geman-McClure on what is left, its
 * width following the median.
 */
final class RayAlignment {
  private static final double KERNEL_WIDTH = 3;
  private static final double MIN_NOISE_PX = 0.5;
  private static final int MIN_POINTS = 4;

  private final double focalPx;
  private final double[] p;
  private final double[] q;
  private final double[] ray;
  private final double[] prior;
  private final double[] weight;
  private final double[] residualPx;
  private int count;

  RayAlignment(double focalPx, int capacity) {
    this.focalPx = focalPx;
    p = new double[3 * capacity];
    q = new double[3 * capacity];
    ray = new double[3 * capacity];
    prior = new double[capacity];
    weight = new double[capacity];
    residualPx = new double[capacity];
  }

  /**
   * @param conditioning how well the points fix the rotation, 0..2, see {@link RigidAlignment}; 0
   *     where points on a line, or one, would be all there is
   */
  record Motion(Se3 T_cam_points, double conditioning) {}

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  /**
   * @param point {@code [3]}
   * @param x slope of the ray it is seen on, x over z
   * @param y likewise
   * @param trust multiplies the weight, which is the inverse of the squared depth: a pixel spans
   *     more farther off
   */
  void add(double[] point, double x, double y, double trust) {
    System.arraycopy(point, 0, p, 3 * count, 3);
    double norm = Math.sqrt(x * x + y * y + 1);
    ray[3 * count] = x / norm;
    ray[3 * count + 1] = y / norm;
    ray[3 * count + 2] = 1 / norm;
    prior[count] = trust / (point[2] * point[2]);
    count++;
  }

  /** Empty with too few points. */
  Optional<Motion> fit(Se3 start, int rounds) {
    if (count < MIN_POINTS) {
      return Optional.empty();
    }
    Arrays.fill(weight, 0);
    Se3 motion = start;
    double conditioning = 0;
    for (int round = 0; round < rounds; round++) {
      placeAlongRays(motion);
      weigh();
      Optional<RigidAlignment.Fit> fit = RigidAlignment.rigid(p, q, weight);
      if (fit.isEmpty()) {
        return Optional.empty();
      }
      conditioning = fit.get().conditioning();
      motion = withBestTranslation(fit.get().T_q_p());
    }
    return motion.isFinite() ? Optional.of(new Motion(motion, conditioning)) : Optional.empty();
  }

  /** Where each point would be on the ray it is seen on: the nearest to where the motion has it. */
  private void placeAlongRays(Se3 motion) {
    for (int i = 0; i < count; i++) {
      double[] moved = motion.transform(p[3 * i], p[3 * i + 1], p[3 * i + 2]);
      double along = moved[0] * ray[3 * i] + moved[1] * ray[3 * i + 1] + moved[2] * ray[3 * i + 2];
      double squared = 0;
      for (int k = 0; k < 3; k++) {
        q[3 * i + k] = along * ray[3 * i + k];
        double off = moved[k] - q[3 * i + k];
        squared += off * off;
      }
      residualPx[i] = along > 0 ? focalPx * Math.sqrt(squared) / along : Double.POSITIVE_INFINITY;
    }
  }

  private void weigh() {
    double median = OrderStatistic.median(Arrays.copyOf(residualPx, count), count);
    double noise = Math.max(MIN_NOISE_PX, median / 1.1774); // median of a Rayleigh
    for (int i = 0; i < count; i++) {
      double r = residualPx[i] / (KERNEL_WIDTH * noise);
      double kernel = 1 + r * r;
      weight[i] = prior[i] / (kernel * kernel);
    }
  }

  /**
   * The translation that leaves the least distance to the rays: {@code (sum w (I - V)) t = -sum w
   * (I - V) R p} with V the projection on a ray.
   */
  private Se3 withBestTranslation(Se3 motion) {
    double[] a = new double[9];
    double[] b = new double[3];
    Se3 turn = Se3.of(motion.rotation(), new double[3]);
    for (int i = 0; i < count; i++) {
      double[] turned = turn.transform(p[3 * i], p[3 * i + 1], p[3 * i + 2]);
      for (int r = 0; r < 3; r++) {
        for (int c = 0; c < 3; c++) {
          double off = weight[i] * ((r == c ? 1 : 0) - ray[3 * i + r] * ray[3 * i + c]);
          a[3 * r + c] += off;
          b[r] -= off * turned[c];
        }
      }
    }
    double[] t = new double[3];
    boolean solved = new SymmetricSolver(3).solve(a, b, 0, t);
    return solved ? Se3.of(motion.rotation(), t) : motion;
  }
}
