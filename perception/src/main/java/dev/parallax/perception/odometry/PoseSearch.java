package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.FirstGuess;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the pose from which the points are seen where they are: from which guesses, how
 * freely the depths may follow, and what the answer says about the points. Agent thread only.
 */
final class PoseSearch {
  /** A depth is one variable but repeats its error from frame to frame: see algorithms, sec. 1. */
  static final double DEPTH_VARIANCE_FACTOR = 4;

  /** Depth known no better than so is a guess. */
  private static final double GUESSED_RELATIVE_STD = 0.5;

  /** With fewer depths that are more than a guess, guesses help to tell the pose. */
  private static final int MIN_TOLD_DEPTHS = 150;

  private final PointTracks points;
  private final KeyframeWindow window;
  private final PointFollower follower;
  private final PoseSolver solver;
  private final GuessChooser guesses;
  private final BlindSearch blind;
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
    blind = new BlindSearch(points, window, follower, solver);
  }

  /** Where the last search began. */
  GuessChooser.Guess guess() {
    return guess;
  }

  /** Whether the last search without depth left no doubt which way the camera went. */
  boolean isDecided() {
    return blind.isDecided();
  }

  /** See {@link Odometry#hear}. */
  void hear(Timestamp picture, DepthOrder guess) {
    blind.hear(picture, guess);
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
    boolean[] guessed = guessedDepths();
    return guessed == null
        ? near(guess.T_cam_odom(), DEPTH_VARIANCE_FACTOR)
        : solver.solveWithout(guessed, points, window, guess.T_cam_odom(), DEPTH_VARIANCE_FACTOR);
  }

  /**
   * Points whose depth is a mere guess; null where too few others are left. New points share the
   * guess and so its error, which a solver that takes them for independent would believe: where a
   * turn brings in many, the length of the step, and with it the scale, would follow the guess.
   */
  private boolean @Nullable [] guessedDepths() {
    boolean[] guessed = new boolean[points.count];
    int told = 0;
    for (int i = 0; i < points.count; i++) {
      double limit = GUESSED_RELATIVE_STD * points.rho[i];
      guessed[i] = points.variance[i] > limit * limit;
      told += guessed[i] ? 0 : 1;
    }
    return told < MIN_TOLD_DEPTHS || told == points.count ? null : guessed;
  }

  /** While all depth is a flat guess: from every start, and the best end counts. */
  PoseSolver.Solution withoutDepth(Se3 T_prev_odom, Se3 velocity) {
    BlindSearch.End best =
        blind.search(guesses.all(points, follower.misses, window, T_prev_odom, velocity));
    guess = best.start();
    return best.solution();
  }

  /** See {@link BlindSearch#asLongAsBelieved}. */
  PoseSolver.Solution asLongAsBelieved(PoseSolver.Solution found) {
    return blind.asLongAsBelieved(found);
  }

  /** How many points the last search without depth could ask. */
  int asked() {
    return blind.asked();
  }

  /** From one guess. */
  PoseSolver.Solution near(Se3 T_cam_odom, double depthVarianceFactor) {
    return solver.solve(points, window, T_cam_odom, depthVarianceFactor);
  }

  /** Frees the depths from their flat first guess now that parallax can tell them apart. */
  PoseSolver.Solution freeDepths(PoseSolver.Solution flat) {
    return blind.freeDepths(flat);
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
