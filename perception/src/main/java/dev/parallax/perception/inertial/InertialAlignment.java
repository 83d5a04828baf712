package dev.parallax.perception.inertial;

import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Metric scale, gravity and the accelerometer's bias from a window of poses that the pictures give
 * up to scale and the readings in between (the linear alignment of Qin and Shen 2017, "Robust
 * initialization of monocular visual-inertial estimation", here with places and velocities of the
 * sensor as further unknowns, so that the pictures' noise is one of places and not of steps, with
 * what was believed before as a prior, and gravity's length known).
 *
 * <pre>
 *   p[k+1] = p[k] + v[k] dt + g dt^2 / 2 + R[k] (shift + dshift/dbias b)
 *   v[k+1] = v[k] + g dt + R[k] (velocity + dvelocity/dbias b)
 *   p[k]   = s place[k] + lever[k]
 *   |g|    = 9.81
 * </pre>
 *
 * Agent thread only.
 */
final class InertialAlignment {
  static final double GRAVITY_MPS2 = 9.81;
  private static final double GRAVITY_STD = 0.01;

  /** White noise of a common accelerometer, m/s2 per root Hz, with some for vibration. */
  private static final double ACCEL_DENSITY = 4e-3;

  /** How far the pictures' rotation at a node is off from its neighbours'. */
  private static final double TURN_STD_RAD = 1e-3;

  private static final double MIN_STEP_STD_M = 1e-4;
  private static final double MIN_PLACE_STD_M = 1e-3;
  private static final double FIRST_PLACE_STD_M = 0.01;
  private static final int ROUNDS = 4;
  private static final int N = InertialBelief.N;

  /**
   * What was found.
   *
   * @param placeStdM how far the pictures' places are off, one standard deviation
   * @param misfit how many times as large as assumed the steps' errors are; about 1 if the
   *     accelerometer fits the pictures
   */
  record Found(InertialBelief belief, double placeStdM, double misfit) {}

  private final List<InertialNode> window;
  private final int nodes;
  private final InertialBelief prior;
  private final int[] unknowns = new int[8];
  private final double[] factors = new double[8];
  private WantedUnknowns equations;

  private InertialAlignment(List<InertialNode> window, InertialBelief prior) {
    this.window = window;
    this.prior = prior;
    nodes = window.size();
    equations = fresh();
  }

  private WantedUnknowns fresh() {
    return new WantedUnknowns(prior.information(), prior.mean(), 6 * nodes);
  }

  /**
   * @param window at least two nodes, each but the first with the readings since the one before
   * @param prior what was believed at the first node
   * @return empty if the equations have no solution or it is no scale
   */
  static Optional<Found> of(List<InertialNode> window, InertialBelief prior) {
    return new InertialAlignment(window, prior).solve();
  }

  private Optional<Found> solve() {
    double[] g = gravityGuess();
    double placeStd = FIRST_PLACE_STD_M;
    for (int round = 0; round < ROUNDS; round++) {
      WantedUnknowns before = round == 0 ? null : equations;
      equations = fresh();
      fill(g, before, placeStd);
      if (!equations.solve() || !(equations.solution(InertialBelief.SCALE) > 0)) {
        return Optional.empty();
      }
      for (int k = 0; k < 3; k++) {
        g[k] = equations.solution(InertialBelief.GRAVITY + k);
      }
      placeStd = Math.max(MIN_PLACE_STD_M, placeStd());
    }
    double misfit = misfit();
    double[] covariance = equations.covariance();
    for (int k = 0; k < covariance.length; k++) {
      covariance[k] *= Math.max(1, misfit * misfit);
    }
    return Optional.of(
        new Found(new InertialBelief(equations.wanted(), covariance), placeStd, misfit));
  }

  /** Against the mean force, which over seconds is that against gravity. */
  private double[] gravityGuess() {
    double[] g = Arrays.copyOfRange(prior.mean(), InertialBelief.GRAVITY, InertialBelief.BIAS);
    if (norm(g) > 0) {
      return g;
    }
    for (int k = 1; k < window.size(); k++) {
      Preintegration step = Objects.requireNonNull(window.get(k).since());
      double[] v = rotated(window.get(k - 1).R_odom_imu(), step.velocity());
      for (int i = 0; i < 3; i++) {
        g[i] -= v[i];
      }
    }
    double length = Math.max(norm(g), 1e-9);
    for (int i = 0; i < 3; i++) {
      g[i] *= GRAVITY_MPS2 / length;
    }
    return g;
  }

  private void fill(double[] g, @Nullable WantedUnknowns before, double placeStd) {
    double length = Math.max(norm(g), 1e-9);
    for (int k = 0; k < 3; k++) {
      term(k, InertialBelief.GRAVITY + k, g[k] / length);
    }
    equations.add(unknowns, factors, 3, GRAVITY_MPS2, GRAVITY_STD);
    for (int k = 0; k < nodes; k++) {
      addPlace(k, before, placeStd);
      if (k > 0) {
        addStep(window.get(k - 1).R_odom_imu(), window.get(k), k);
      }
    }
  }

  /**
   * The places that are seen have noise, so that held against the scale as they are they would
   * shrink it. Once there is a solution it is the sensor's places, which have none, that are seen
   * in another unit: {@code place = (p - lever) / s}, linearised there.
   */
  private void addPlace(int k, @Nullable WantedUnknowns before, double placeStd) {
    double[] origin = window.get(0).place_odom();
    InertialNode node = window.get(k);
    for (int i = 0; i < 3; i++) {
      double seen = node.place_odom()[i] - origin[i];
      double lever = node.lever_odom()[i];
      term(0, place(k, i), 1);
      if (before == null) {
        term(1, InertialBelief.SCALE, -seen);
        equations.add(unknowns, factors, 2, lever, placeStd);
      } else {
        double s = before.solution(InertialBelief.SCALE);
        double p = before.solution(place(k, i));
        term(1, InertialBelief.SCALE, -(p - lever) / s);
        equations.add(unknowns, factors, 2, s * seen - p + 2 * lever, placeStd);
      }
    }
  }

  private void addStep(Se3 R, InertialNode to, int k) {
    Preintegration step = Objects.requireNonNull(to.since());
    double dt = step.seconds();
    double[] shift = rotated(R, step.shift());
    double[] velocity = rotated(R, step.velocity());
    double[] shiftByBias = product(R, step.shiftByBias());
    double[] velocityByBias = product(R, step.velocityByBias());
    for (int i = 0; i < 3; i++) {
      term(0, speed(k - 1, i), -dt);
      term(1, InertialBelief.GRAVITY + i, -0.5 * dt * dt);
      bias(2, shiftByBias, i);
      term(5, place(k, i), 1);
      term(6, place(k - 1, i), -1);
      equations.add(unknowns, factors, 7, shift[i], shiftStd(dt));
      term(0, speed(k - 1, i), -1);
      term(1, InertialBelief.GRAVITY + i, -dt);
      bias(2, velocityByBias, i);
      term(5, speed(k, i), 1);
      equations.add(unknowns, factors, 6, velocity[i], velocityStd(dt));
    }
  }

  private void bias(int at, double[] byBias, int row) {
    for (int c = 0; c < 3; c++) {
      term(at + c, InertialBelief.BIAS + c, -byBias[3 * row + c]);
    }
  }

  private static double velocityStd(double dt) {
    return Math.hypot(ACCEL_DENSITY * Math.sqrt(dt), GRAVITY_MPS2 * TURN_STD_RAD * dt);
  }

  private static double shiftStd(double dt) {
    double noise = ACCEL_DENSITY * Math.sqrt(dt * dt * dt / 3);
    return Math.hypot(
        MIN_STEP_STD_M, Math.hypot(noise, 0.5 * GRAVITY_MPS2 * TURN_STD_RAD * dt * dt));
  }

  // Unknowns are numbered through: first the seven, then each node's place and velocity.

  private static int place(int node, int axis) {
    return N + 6 * node + axis;
  }

  private static int speed(int node, int axis) {
    return N + 6 * node + 3 + axis;
  }

  private void term(int at, int unknown, double factor) {
    unknowns[at] = unknown;
    factors[at] = factor;
  }

  /** Of the pictures' places, from what they are off by; two of each node's six are taken up. */
  private double placeStd() {
    double sum = 0;
    double[] origin = window.get(0).place_odom();
    for (int k = 0; k < nodes; k++) {
      InertialNode node = window.get(k);
      for (int i = 0; i < 3; i++) {
        double seen = equations.solution(InertialBelief.SCALE) * (node.place_odom()[i] - origin[i]);
        double e = equations.solution(place(k, i)) - seen - node.lever_odom()[i];
        sum += e * e;
      }
    }
    return Math.sqrt(sum / Math.max(1, 3 * nodes - N));
  }

  /** Of the steps, over what was assumed of them. */
  private double misfit() {
    double sum = 0;
    for (int k = 1; k < nodes; k++) {
      Preintegration step = Objects.requireNonNull(window.get(k).since());
      double dt = step.seconds();
      Se3 R = window.get(k - 1).R_odom_imu();
      double[] velocity = rotated(R, step.velocity());
      double[] byBias = product(R, step.velocityByBias());
      for (int i = 0; i < 3; i++) {
        double e = equations.solution(speed(k, i)) - equations.solution(speed(k - 1, i));
        e -= velocity[i] + equations.solution(InertialBelief.GRAVITY + i) * dt;
        for (int c = 0; c < 3; c++) {
          e -= byBias[3 * i + c] * equations.solution(InertialBelief.BIAS + c);
        }
        sum += e * e / (velocityStd(dt) * velocityStd(dt));
      }
    }
    return Math.sqrt(sum / Math.max(1, 3 * (nodes - 1)));
  }

  private static double[] rotated(Se3 R, double[] v) {
    return R.transform(v[0], v[1], v[2]);
  }

  private static double[] product(Se3 R, double[] m) {
    double[] out = new double[9];
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 3; c++) {
        out[3 * r + c] = R.r(r, 0) * m[c] + R.r(r, 1) * m[3 + c] + R.r(r, 2) * m[6 + c];
      }
    }
    return out;
  }

  static double norm(double[] v) {
    double sum = 0;
    for (double x : v) {
      sum += x * x;
    }
    return Math.sqrt(sum);
  }
}
