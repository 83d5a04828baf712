package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.Degeneracy;
import dev.parallax.perception.frame.FirstGuess;
import dev.parallax.perception.frame.TrackingFigures;
import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the pose of one picture after the other from the points followed into it: at rest, by a
 * turn alone, without depth or with it. Agent thread only.
 */
final class FrameTracker {
  private static final int MIN_INLIERS = 40;
  private static final double MIN_INLIER_SHARE = 0.35;

  /** How exactly points are seen where a turn alone is looked for. */
  private static final double TURN_NOISE_PX = 0.5;

  private final PinholeCamera camera;
  private final CameraState state;
  private final LocalMap map;
  private final PoseSearch search;
  private final RestWatch rest;
  private final DegeneracyWatch degeneracy;
  private final Initialiser initialiser;

  FrameTracker(PinholeCamera camera, CameraState state, LocalMap map, PoseSearch search) {
    this.camera = camera;
    this.state = state;
    this.map = map;
    this.search = search;
    rest = new RestWatch(camera, map.points.capacity);
    degeneracy = new DegeneracyWatch(camera, map.points.capacity);
    initialiser = new Initialiser(state, map, search, degeneracy);
  }

  /** A window begins, at rest until the camera is seen to move. */
  void start() {
    rest.start(map.points, map.follower.misses);
    forgetTrail();
  }

  /** The points are others. */
  void forgetTrail() {
    degeneracy.forget(map.points);
  }

  /** The camera is lost. */
  void lose() {
    rest.leave();
    forgetTrail();
  }

  /** Whether nothing but a turn was seen of late. */
  boolean isTurning() {
    return degeneracy.latest().contains(Degeneracy.TURNING_ON_THE_SPOT);
  }

  void rescale(UnitChange change) {
    rest.rescale(change.factor());
    move(change::moved);
  }

  /** Every T_cam_odom changes. */
  void move(UnaryOperator<Se3> moving) {
    degeneracy.replacePoses(moving);
  }

  /**
   * Finds the pose of the picture that the points were looked for in.
   *
   * @param intervalS since the picture before
   * @param gyro how the camera turned since, as a gyroscope that is believed has it; null where
   *     there is none
   * @return empty if no pose can be trusted: the camera is to be taken for lost
   */
  Optional<Odometry.Track> track(double intervalS, @Nullable TurnPrediction gyro) {
    state.sight.next(intervalS, gyro != null);
    search.expect(gyro, state.T_cam_odom());
    PointFollower.Found found = map.follower.follow(map.points, map.window.latest().slot());
    boolean isSeen = state.sight.suffices(found.recognised(), state.isTracking());
    if (map.points.count < MIN_INLIERS || !isSeen) {
      return Optional.empty();
    }
    state.expectNext(intervalS);
    if (isAtRest(gyro)) {
      return Optional.of(rested());
    }
    Optional<Se3> turned =
        state.isInitializing() ? initialiser.turnedT_cam_odom() : Optional.empty();
    return turned.isPresent()
        ? Optional.of(turned(turned.get(), found.confirmed()))
        : solved(found.confirmed());
  }

  private boolean isAtRest(@Nullable TurnPrediction gyro) {
    if (gyro != null && gyro.isTurn()) {
      rest.leave();
      return false;
    }
    return rest.holds(map.points, map.follower.misses, map.window, state.T_cam_odom());
  }

  private Odometry.Track rested() {
    if (state.rest(rest.hiddenFlowPx() / camera.fx(), map)) {
      map.firstTwist(state.twist());
    }
    Set<Degeneracy> degeneracies = rest.isStill() ? Set.of(Degeneracy.STANDING_STILL) : Set.of();
    return state.track(1, false, withoutGuess(parallaxShare(), degeneracies));
  }

  private Odometry.Track turned(Se3 T_cam_odom, double confirmed) {
    moveTo(T_cam_odom);
    Set<Degeneracy> degeneracies = degeneracy.turned(map.points, T_cam_odom);
    state.turned(TURN_NOISE_PX, map);
    map.points.anchorAll();
    return state.track(
        1, map.isKeyframeDue(0, confirmed), withoutGuess(parallaxShare(), degeneracies));
  }

  private Optional<Odometry.Track> solved(double confirmed) {
    boolean wasTracking = state.isTracking();
    PoseSolver.Solution solution =
        wasTracking
            ? search.withDepth(state.T_cam_odom(), state.T_cur_prev())
            : initialiser.search();
    int asked = wasTracking ? map.points.count : search.asked();
    if (!solution.isReliable(asked, MIN_INLIERS, MIN_INLIER_SHARE)) {
      return Optional.empty();
    }
    double inlierShare = (double) solution.inliers() / map.points.count;
    moveTo(solution.T_cam_odom());
    double parallax = parallaxShare();
    boolean wantsKeyframe = map.isKeyframeDue(parallax, confirmed);
    TrackingFigures figures = figures(parallax, judge(solution));
    if (wasTracking) {
      search.judgePoints(solution);
    } else {
      Optional<PoseSolver.Solution> free = initialiser.freeDepths(solution, parallax);
      wantsKeyframe |= free.isPresent();
      solution = free.orElse(solution);
    }
    state.solved(solution, inlierShare, map);
    map.points.anchorAll();
    return Optional.of(state.track(inlierShare, wantsKeyframe, figures));
  }

  private void moveTo(Se3 T_cam_odom) {
    if (state.moveTo(T_cam_odom)) {
      map.firstTwist(state.twist());
    }
  }

  private Set<Degeneracy> judge(PoseSolver.Solution solution) {
    return degeneracy.judge(
        map.points, map.follower.misses, map.window, state.T_cam_odom(), search.agreeing(solution));
  }

  private double parallaxShare() {
    return map.parallaxShare(state.T_cam_odom());
  }

  private static TrackingFigures withoutGuess(double parallaxShare, Set<Degeneracy> degeneracies) {
    return new TrackingFigures(FirstGuess.NONE, Double.NaN, parallaxShare, degeneracies);
  }

  private TrackingFigures figures(double parallaxShare, Set<Degeneracy> degeneracies) {
    GuessChooser.Guess guess = search.guess();
    return new TrackingFigures(guess.kind(), guess.fitConditioning(), parallaxShare, degeneracies);
  }
}
