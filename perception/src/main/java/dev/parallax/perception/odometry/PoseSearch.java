package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.FirstGuess;
import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the pose from which the points are seen where they are: from which guesses, how
 * freely the depths may follow, and what the answer says about the points. Agent thread only.
 */
final class PoseSearch {
  /** A depth is one variable but repeats its error from frame to frame: see algorithms, sec. 1. */
  static final double DEPTH_VARIANCE_FACTOR = 4;

  /**
   * While nothing is known of depth the flat guess only keeps points from running away: held to it
   * more tightly, a camera that drives forward before a deep scene is said to turn and climb.
   */
  private static final double UNKNOWN_DEPTH_VARIANCE_FACTOR = 160;

  /** Two searches that end farther apart than this say that the camera went different ways. */
  private static final double SAME_WAY_COSINE = Math.cos(Math.toRadians(30));

  /** By this share the second best way has to explain the picture worse than the best. */
  private static final double DECISIVE_MARGIN = 0.15;

  private final PointTracks points;
  private final KeyframeWindow window;
  private final PointFollower follower;
  private final PoseSolver solver;
  private final GuessChooser guesses;
  private boolean decided;
  private GuessChooser.Guess guess =
      new GuessChooser.Guess(Se3.identity(), FirstGuess.NONE, Double.NaN);

  PoseSearch(
      PinholeCamera camera,
      RollingShutter shutter,
      PointTracks points,
      KeyframeWindow window,
      PointFollower follower) {
    this.points = points;
    this.window = window;
    this.follower = follower;
    solver = new PoseSolver(camera, shutter, points.capacity);
    guesses = new GuessChooser(camera, solver);
  }

  /** Where the last search began. */
  GuessChooser.Guess guess() {
    return guess;
  }

  /** Whether the last search without depth left no doubt which way the camera went. */
  boolean isDecided() {
    return decided;
  }

  /**
   * From here on searches begin from, and are held to, what a gyroscope measured.
   *
   * @param turn since the previous pose; null for none
   */
  void expect(@Nullable TurnPrediction turn, Se3 T_prev_odom) {
    solver.expect(turn, T_prev_odom);
    guesses.expect(turn);
  }

  /**
   * With depths that are known.
   *
   * @param T_prev_odom pose of the picture before, to which the points' anchors belong
   * @param velocity motion from the picture before that one to it
   */
  PoseSolver.Solution withDepth(Se3 T_prev_odom, Se3 velocity) {
    guess = guesses.best(points, follower.misses, window, T_prev_odom, velocity);
    return near(guess.T_cam_odom(), DEPTH_VARIANCE_FACTOR);
  }

  /** While all depth is a flat guess: from every start, and the best end counts. */
  PoseSolver.Solution withoutDepth(Se3 T_prev_odom, Se3 velocity) {
    List<End> ends = new ArrayList<>();
    for (GuessChooser.Guess start :
        guesses.all(points, follower.misses, window, T_prev_odom, velocity)) {
      PoseSolver.Solution solution = near(start.T_cam_odom(), UNKNOWN_DEPTH_VARIANCE_FACTOR);
      ends.add(new End(start, solution, solver.depths(points.count)));
    }
    double noise = ends.stream().mapToDouble(e -> e.solution.noisePx()).min().orElseThrow();
    double[] costs = ends.stream().mapToDouble(e -> cost(e, noise)).toArray();
    int best = 0;
    for (int i = 1; i < costs.length; i++) {
      best = costs[i] < costs[best] ? i : best;
    }
    decided = true;
    for (int i = 0; i < costs.length; i++) {
      decided &=
          cosine(ends.get(i), ends.get(best)) > SAME_WAY_COSINE
              || costs[i] > (1 + DECISIVE_MARGIN) * costs[best];
    }
    guess = ends.get(best).start;
    return near(guess.T_cam_odom(), UNKNOWN_DEPTH_VARIANCE_FACTOR);
  }

  /** Between the directions in which two searches say the camera went. */
  private double cosine(End a, End b) {
    Se3 T_key_odom = window.latest().T_cam_odom();
    double[] p = a.solution.T_cam_odom().times(T_key_odom.inverse()).inverse().translation();
    double[] q = b.solution.T_cam_odom().times(T_key_odom.inverse()).inverse().translation();
    double pq = p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
    double pp = p[0] * p[0] + p[1] * p[1] + p[2] * p[2];
    double qq = q[0] * q[0] + q[1] * q[1] + q[2] * q[2];
    return pq / Math.max(Math.sqrt(pp * qq), 1e-12);
  }

  /** Where a search began and ended. */
  private record End(GuessChooser.Guess start, PoseSolver.Solution solution, double[] depths) {}

  private double cost(End end, double noisePx) {
    return solver.costOf(
        points,
        window,
        end.solution.T_cam_odom(),
        end.depths,
        UNKNOWN_DEPTH_VARIANCE_FACTOR,
        noisePx);
  }

  /** From one guess. */
  PoseSolver.Solution near(Se3 T_cam_odom, double depthVarianceFactor) {
    return solver.solve(points, window, T_cam_odom, depthVarianceFactor);
  }

  /** Frees the depths from their flat first guess now that parallax can tell them apart. */
  PoseSolver.Solution freeDepths(PoseSolver.Solution flat) {
    PoseSolver.Solution free = near(flat.T_cam_odom(), UNKNOWN_DEPTH_VARIANCE_FACTOR);
    boolean[] keep = new boolean[points.count];
    for (int i = 0; i < points.count; i++) {
      keep[i] = solver.isInlier(i, free.noisePx());
      points.rho[i] = solver.rho(i);
      points.variance[i] =
          1 / (solver.information(i) + 1 / (points.variance[i] * UNKNOWN_DEPTH_VARIANCE_FACTOR));
    }
    follower.drop(points, keep);
    return free;
  }

  /** {@code [n]} which points agree with the last solution. */
  boolean[] agreeing(PoseSolver.Solution solution) {
    boolean[] agrees = new boolean[points.count];
    for (int i = 0; i < points.count; i++) {
      agrees[i] = solver.isInlier(i, solution.noisePx());
    }
    return agrees;
  }

  /** Drops points that keep disagreeing. Depth is learnt at keyframes: errors repeat in between. */
  void judgePoints(PoseSolver.Solution solution) {
    boolean[] keep = new boolean[points.count];
    boolean[] agrees = agreeing(solution);
    for (int i = 0; i < points.count; i++) {
      points.trust[i] += 0.2f * ((agrees[i] ? 1 : 0) - points.trust[i]);
      keep[i] = points.trust[i] > 0.4f;
    }
    follower.drop(points, keep);
  }
}
