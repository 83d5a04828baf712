package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.FirstGuess;
import dev.parallax.perception.frame.TrackingFigures;
import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses where the search for a pose begins. Once depth is known that is the rigid fit of scene
 * flow, unless the fit is degenerate or moving on as before, or resting, explains the picture
 * better. Agent thread only.
 */
final class GuessChooser {
  /** Below this the points lie so nearly on a line that the fit may turn about it. */
  private static final double MIN_CONDITIONING = 0.02;

  private static final double COST_WIDTH_PX = 3;

  private final PoseSolver solver;
  private final SceneFlowFit sceneFlowFit;
  private final BlindGuesses blind;
  private @Nullable TurnPrediction turn;

  GuessChooser(PinholeCamera camera, PoseSolver solver) {
    this.solver = solver;
    sceneFlowFit = new SceneFlowFit(camera);
    blind = new BlindGuesses(camera);
  }

  /** A pose to begin from; see {@link TrackingFigures#fitConditioning}. */
  record Guess(Se3 T_cam_odom, FirstGuess kind, double fitConditioning) {}

  /** From here on there is a guess more: the turn that a gyroscope measured; null for none. */
  void expect(@Nullable TurnPrediction newTurn) {
    turn = newTurn;
  }

  /**
   * The guess that explains the picture best with depths as believed.
   *
   * @param T_prev_odom pose of the frame before, to which the points' anchors belong
   * @param velocity motion from the frame before that one to it
   */
  Guess best(
      PointTracks points, byte[] misses, KeyframeWindow window, Se3 T_prev_odom, Se3 velocity) {
    Guess best = null;
    double least = Double.POSITIVE_INFINITY;
    for (Guess guess : known(points, misses, window, T_prev_odom, velocity)) {
      double cost = solver.costOf(points, window, guess.T_cam_odom(), COST_WIDTH_PX);
      if (best == null || cost < least) {
        best = guess;
        least = cost;
      }
    }
    return Objects.requireNonNull(best);
  }

  /**
   * Where to begin while all depth is a flat guess. Which guess is best then shows only in the end,
   * so each is worth a search; a camera that drives forward is not found from one at rest.
   */
  List<Guess> all(
      PointTracks points, byte[] misses, KeyframeWindow window, Se3 T_prev_odom, Se3 velocity) {
    List<Guess> guesses = known(points, misses, window, T_prev_odom, velocity);
    double conditioning = guesses.get(0).fitConditioning();
    for (Se3 pose : blind.poses(points, window.latest(), medianDepth(points))) {
      guesses.add(new Guess(pose, FirstGuess.BLIND_STEP, conditioning));
    }
    return guesses;
  }

  private static double medianDepth(PointTracks points) {
    if (points.count == 0) {
      return 1;
    }
    double[] sorted = Arrays.copyOf(points.rho, points.count);
    Arrays.sort(sorted);
    return 1 / sorted[points.count / 2];
  }

  private List<Guess> known(
      PointTracks points, byte[] misses, KeyframeWindow window, Se3 T_prev_odom, Se3 velocity) {
    List<Guess> guesses = new ArrayList<>();
    Optional<RayAlignment.Motion> fit = sceneFlowFit.fit(points, misses, window, T_prev_odom);
    double conditioning = fit.map(RayAlignment.Motion::conditioning).orElse(Double.NaN);
    if (fit.isPresent() && conditioning > MIN_CONDITIONING) {
      Se3 fitted = fit.get().T_cam_points().times(T_prev_odom);
      guesses.add(new Guess(fitted, FirstGuess.SCENE_FLOW_FIT, conditioning));
    }
    guesses.add(new Guess(velocity.times(T_prev_odom), FirstGuess.CONSTANT_MOTION, conditioning));
    guesses.add(new Guess(T_prev_odom, FirstGuess.REST, conditioning));
    if (turn != null) {
      // First the step of before, in the axes of the camera as it was, then the turn.
      Se3 T_cur_prev =
          turn.R_cur_prev().times(Se3.ofTranslation(velocity.tx(), velocity.ty(), velocity.tz()));
      guesses.add(new Guess(T_cur_prev.times(T_prev_odom), FirstGuess.GYRO_TURN, conditioning));
    }
    return guesses;
  }
}
