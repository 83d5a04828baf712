package dev.parallax.perception.depth;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.perception.frame.GroundPlane;
import dev.parallax.perception.geometry.OrderStatistic;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ground in inverse depth: random planes through three points (Fischler and Bolles 1981),
 * the best refined by weighted least squares with Tukey's weights. What sets the ground apart from
 * other planes is that it lies across the camera's down axis, that it reaches from near to far, and
 * that nothing is seen beneath it; and since the camera keeps its height, its way is parallel to
 * the ground, which holds the tilt where the depth of a bare floor is too smooth to tell it. The
 * same input gives the same answer. Agent thread only.
 */
final class GroundPlaneFitter {
  private static final int MAX_SAMPLES = 6000;
  private static final int MIN_SAMPLES = 300;
  private static final int TRIALS = 400;

  /** How far the camera's y axis may be from the plane's normal. */
  private static final double MIN_COS_TILT = Math.cos(Math.toRadians(20));

  /** What ground is uneven by, and flow biased by, over its inverse depth. */
  private static final double UNEVENNESS = 0.03;

  private static final double INLIER_SIGMAS = 2;
  private static final double BELOW_SIGMAS = 3;
  private static final double TUKEY_SIGMAS = 3;
  private static final int REFINEMENTS = 6;

  /** How far three points, or flow that is smooth over a bare floor, may tilt a plane, radians. */
  private static final double MAX_CLIMB_RAD = 0.08;

  /** How far from upright a camera is mounted, radians; its way says nothing of its roll. */
  private static final double ROLL_STD_RAD = 0.02;

  private static final double MIN_SUPPORT = 0.25;

  /** What may lie beneath the plane, over what lies on it: wrong flow, not a lower floor. */
  private static final double MAX_BELOW = 0.25;

  /** A true floor is seen near and far; a stripe of a wall is not. */
  private static final double MIN_DEPTH_SPAN = 1.3;

  /** Flow errs alike over wide patches where texture is poor: so many samples count as one. */
  private static final double CORRELATED_SAMPLES = 200;

  /** How far from parallel to the ground a camera travels, radians: ramps, and flow at its foot. */
  private static final double TRAVEL_STD_RAD = 0.004;

  /** How much a mounted camera's height changes on the way, over its height. */
  private static final double TRAVEL_HEIGHT_STD = 0.002;

  private static final double MIN_RELATIVE_STD = 0.01;

  private final DepthGrid grid;
  private final int step;
  private final double[] x;
  private final double[] y;
  private final double[] rho;
  private final double[] variance;
  private final double[] way = new double[3];
  private final double[] normal = new double[9];
  private double wayLength;
  private int count;

  GroundPlaneFitter(DepthGrid grid) {
    this.grid = grid;
    step = (int) Math.max(1, Math.ceil(Math.sqrt(grid.shape().pixels() / 2.0 / MAX_SAMPLES)));
    int most = (grid.width() / step + 1) * (grid.height() / step + 1);
    x = new double[most];
    y = new double[most];
    rho = new double[most];
    variance = new double[most];
  }

  /**
   * @param inverseDepth {@code [h w]} on the grid, NaN where unknown
   * @param inverseVariance {@code [h w]} variance of the inverse depth
   * @param travel_cam {@code [3]} the way the camera came, axes of the camera now, in the same unit
   *     of length; zero if unknown
   * @return empty if no plane can be taken for the ground
   */
  Optional<GroundPlane> fit(float[] inverseDepth, float[] inverseVariance, double[] travel_cam) {
    Affine plane = bestPlane(inverseDepth, inverseVariance, travel_cam);
    return plane == null ? Optional.empty() : judge(plane);
  }

  /** The same, begun at a plane that is known already: much less work, and no other plane's. */
  Optional<GroundPlane> fitNear(
      GroundPlane known, float[] inverseDepth, float[] inverseVariance, double[] travel_cam) {
    readWay(travel_cam);
    collect(inverseDepth, inverseVariance);
    Affine near = new Affine(known.slopeX(), known.slopeY(), known.offset());
    Affine plane = count < MIN_SAMPLES || !isPlausible(near) ? null : refine(near);
    return plane == null ? Optional.empty() : judge(plane);
  }

  /**
   * Height over what looks most like ground, sure or not: good for a first guess of the unit.
   *
   * @return empty where no level plane is found
   */
  OptionalDouble guessHeight(float[] inverseDepth, float[] inverseVariance, double[] travel_cam) {
    Affine plane = bestPlane(inverseDepth, inverseVariance, travel_cam);
    return plane == null ? OptionalDouble.empty() : OptionalDouble.of(1 / plane.norm());
  }

  private @Nullable Affine bestPlane(
      float[] inverseDepth, float[] inverseVariance, double[] travel_cam) {
    readWay(travel_cam);
    collect(inverseDepth, inverseVariance);
    Affine best = count < MIN_SAMPLES ? null : bestOfRandom();
    return best == null ? null : refine(best);
  }

  private void readWay(double[] travel_cam) {
    wayLength = Math.sqrt(dot(travel_cam, travel_cam));
    for (int k = 0; k < 3; k++) {
      way[k] = wayLength > 0 ? travel_cam[k] / wayLength : 0;
    }
  }

  /** Points under the optical axis: ground over it is too far to tell the height. */
  private void collect(float[] inverseDepth, float[] inverseVariance) {
    count = 0;
    for (int v = 0; v < grid.height(); v += step) {
      double slopeY = (v * grid.stride() + grid.centre() - grid.camera().cy()) / grid.camera().fy();
      if (slopeY <= 0) {
        continue;
      }
      for (int u = 0; u < grid.width(); u += step) {
        int i = v * grid.width() + u;
        if (inverseDepth[i] > 0 && inverseVariance[i] >= 0) {
          x[count] = (u * grid.stride() + grid.centre() - grid.camera().cx()) / grid.camera().fx();
          y[count] = slopeY;
          rho[count] = inverseDepth[i];
          variance[count++] = inverseVariance[i];
        }
      }
    }
  }

  private @Nullable Affine bestOfRandom() {
    SplittableRandom random = new SplittableRandom(1);
    Affine best = null;
    double bestScore = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      int i = random.nextInt(count);
      int j = random.nextInt(count);
      int k = random.nextInt(count);
      Affine plane =
          Affine.solve(
              new double[] {x[i], y[i], 1, x[j], y[j], 1, x[k], y[k], 1},
              new double[] {rho[i], rho[j], rho[k]});
      if (plane == null || !isPlausible(plane)) {
        continue;
      }
      double score = score(plane);
      if (score > bestScore) {
        best = plane;
        bestScore = score;
      }
    }
    return best;
  }

  private boolean isPlausible(Affine plane) {
    return plane.isLevel()
        && Math.abs(climb(plane)) <= (MAX_CLIMB_RAD + 3 * travelStd(plane)) * plane.norm();
  }

  /** Sine of the angle between plane and way, times the norm of the plane. */
  private double climb(Affine plane) {
    return plane.a * way[0] + plane.b * way[1] + plane.c * way[2];
  }

  private double travelStd(Affine plane) {
    return wayLength > 0
        ? Math.hypot(TRAVEL_STD_RAD, TRAVEL_HEIGHT_STD / (plane.norm() * wayLength))
        : Double.POSITIVE_INFINITY;
  }

  private static double dot(double[] p, double[] q) {
    return p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
  }

  /** Points on the plane less those beneath it, twice: a floor has neither holes nor a cellar. */
  private double score(Affine plane) {
    int stride = Math.max(1, count / 1500);
    int score = 0;
    for (int i = 0; i < count; i += stride) {
      double sigmas = sigmas(plane, i);
      score += Math.abs(sigmas) < INLIER_SIGMAS ? 1 : 0;
      score -= sigmas < -BELOW_SIGMAS ? 2 : 0;
    }
    return score;
  }

  /** Over the plane is positive, beneath it negative; NaN over the horizon. */
  private double sigmas(Affine plane, int i) {
    double expected = plane.at(x[i], y[i]);
    return expected > 0 ? (rho[i] - expected) / Math.sqrt(spread(expected, i)) : Double.NaN;
  }

  private double spread(double expected, int i) {
    double uneven = UNEVENNESS * expected;
    return variance[i] + uneven * uneven;
  }

  private @Nullable Affine refine(Affine start) {
    Affine plane = start;
    for (int iteration = 0; iteration < REFINEMENTS; iteration++) {
      Affine next = leastSquares(plane);
      if (next == null || !isPlausible(next)) {
        return null;
      }
      plane = next;
    }
    return plane;
  }

  /** One step of weighted least squares on inverse depth; leaves the normal matrix behind. */
  private @Nullable Affine leastSquares(Affine plane) {
    Arrays.fill(normal, 0);
    double[] right = new double[3];
    for (int i = 0; i < count; i++) {
      double t = sigmas(plane, i) / TUKEY_SIGMAS;
      if (!(Math.abs(t) < 1)) {
        continue;
      }
      double w = (1 - t * t) * (1 - t * t) / spread(plane.at(x[i], y[i]), i);
      normal[0] += w * x[i] * x[i];
      normal[1] += w * x[i] * y[i];
      normal[2] += w * x[i];
      normal[4] += w * y[i] * y[i];
      normal[5] += w * y[i];
      normal[8] += w;
      right[0] += w * x[i] * rho[i];
      right[1] += w * y[i] * rho[i];
      right[2] += w * rho[i];
    }
    double climbStd = travelStd(plane) * plane.norm();
    double w = CORRELATED_SAMPLES / (climbStd * climbStd);
    double rollStd = ROLL_STD_RAD * plane.norm();
    normal[0] += CORRELATED_SAMPLES / (rollStd * rollStd);
    normal[0] += w * way[0] * way[0];
    normal[1] += w * way[0] * way[1];
    normal[2] += w * way[0] * way[2];
    normal[4] += w * way[1] * way[1];
    normal[5] += w * way[1] * way[2];
    normal[8] += w * way[2] * way[2];
    normal[3] = normal[1];
    normal[6] = normal[2];
    normal[7] = normal[5];
    return Affine.solve(normal, right);
  }

  private Optional<GroundPlane> judge(Affine plane) {
    int on = 0;
    int below = 0;
    double[] expected = new double[count];
    for (int i = 0; i < count; i++) {
      double sigmas = sigmas(plane, i);
      if (Math.abs(sigmas) < INLIER_SIGMAS) {
        expected[on++] = plane.at(x[i], y[i]);
      } else if (sigmas < -BELOW_SIGMAS) {
        below++;
      }
    }
    double support = (double) on / count;
    if (on < MIN_SAMPLES || support < MIN_SUPPORT || below > MAX_BELOW * on) {
      return Optional.empty();
    }
    double far = OrderStatistic.select(expected, on, (int) (0.9 * on));
    double near = OrderStatistic.select(expected, on, (int) (0.1 * on));
    if (far < MIN_DEPTH_SPAN * near) {
      return Optional.empty();
    }
    // Var(log h) = m' C m / |m|^4 with C the inverse normal matrix: one more solution of it.
    Affine cm = Affine.solve(normal, new double[] {plane.a, plane.b, plane.c});
    if (cm == null) {
      return Optional.empty();
    }
    double squared = plane.norm() * plane.norm();
    double mCm = plane.a * cm.a + plane.b * cm.b + plane.c * cm.c;
    double std =
        Math.sqrt(
            CORRELATED_SAMPLES * mCm / (squared * squared) + MIN_RELATIVE_STD * MIN_RELATIVE_STD);
    return Optional.of(new GroundPlane(plane.a, plane.b, plane.c, std, support));
  }

  /** {@code rho = a x + b y + c}. */
  private record Affine(double a, double b, double c) {
    double at(double x, double y) {
      return a * x + b * y + c;
    }

    boolean isLevel() {
      return b > MIN_COS_TILT * norm();
    }

    double norm() {
      return Math.sqrt(a * a + b * b + c * c);
    }

    /** Solves {@code [3 3]} rows times (a, b, c) = right by Cramer's rule; null if singular. */
    static @Nullable Affine solve(double[] m, double[] right) {
      double c0 = m[4] * m[8] - m[5] * m[7];
      double c1 = m[5] * m[6] - m[3] * m[8];
      double c2 = m[3] * m[7] - m[4] * m[6];
      double det = m[0] * c0 + m[1] * c1 + m[2] * c2;
      double size = Math.abs(m[0] * c0) + Math.abs(m[1] * c1) + Math.abs(m[2] * c2);
      if (!(Math.abs(det) > 1e-9 * size)) {
        return null;
      }
      double a =
          c0 * right[0]
              + (m[2] * m[7] - m[1] * m[8]) * right[1]
              + (m[1] * m[5] - m[2] * m[4]) * right[2];
      double b =
          c1 * right[0]
              + (m[0] * m[8] - m[2] * m[6]) * right[1]
              + (m[2] * m[3] - m[0] * m[5]) * right[2];
      double c =
          c2 * right[0]
              + (m[1] * m[6] - m[0] * m[7]) * right[1]
              + (m[0] * m[4] - m[1] * m[3]) * right[2];
      return new Affine(a / det, b / det, c / det);
    }
  }
}
