package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingFigures;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;

/**
 * Where the camera is taken to be and how it moves, how unsure that is, and whether it is tracked.
 * Agent thread only.
 */
final class CameraState {
  final Sight sight = new Sight();
  private final RollingShutter shutter;
  private final CovarianceKeeper covariance = new CovarianceKeeper();
  private LensDoubt lens;
  private TrackingState tracking = TrackingState.INITIALIZING;
  private Se3 T_cam_odom;
  private Se3 T_cur_prev = Se3.identity(); // of the last interval
  private boolean unitInUse; // lengths of odom are in the unit that depth had

  CameraState(RollingShutter shutter, LensDoubt lens, Se3 T_cam_odom) {
    this.shutter = shutter;
    this.lens = lens;
    this.T_cam_odom = T_cam_odom;
  }

  /** Doubts the calibration otherwise than until now. Before the first picture. */
  void doubt(LensDoubt newLens) {
    lens = newLens;
  }

  /** What the pictures say that the calibration is off by. */
  void doubtLens(Optional<LensError> error) {
    lens.told(error);
  }

  TrackingState tracking() {
    return tracking;
  }

  boolean isTracking() {
    return tracking == TrackingState.TRACKING;
  }

  boolean isInitializing() {
    return tracking == TrackingState.INITIALIZING;
  }

  Se3 T_cam_odom() {
    return T_cam_odom;
  }

  Se3 T_odom_cam() {
    return T_cam_odom.inverse();
  }

  /** The motion of the last interval, which is expected to go on. */
  Se3 T_cur_prev() {
    return T_cur_prev;
  }

  /** {@code [6]} see {@link RollingShutter#latest}; not to be changed. */
  double[] twist() {
    return shutter.latest();
  }

  /** {@code [6 6]} of the pose, left perturbation in odom. */
  double[] covariance() {
    return lens.widened(covariance.last());
  }

  /** See {@link CovarianceKeeper#distanceStd}. */
  double distanceStd(double[] point_odom) {
    return covariance.distanceStd(T_odom_cam(), point_odom);
  }

  /** The present pose and the motion to it, as an answer. */
  Odometry.Track track(double inlierShare, boolean wantsKeyframe, TrackingFigures figures) {
    return new Odometry.Track(
        T_odom_cam(),
        T_cur_prev,
        covariance(),
        covariance.ofMotion(),
        inlierShare,
        wantsKeyframe,
        figures);
  }

  /** Nothing is known of how the camera moves. */
  void forgetMotion() {
    T_cur_prev = Se3.identity();
    shutter.forget();
  }

  /**
   * A window begins at the pose as it stands, with a picture that is its only keyframe. What the
   * camera may have moved since the picture that the pose is of goes into the covariance.
   *
   * @param typicalDepth of what was seen before
   */
  void start(Keyframe first, boolean isDepthKnown, double typicalDepth) {
    lens.addKeyframe(first);
    double unseenS = sight.unseenS(first.stamp());
    if (!Double.isNaN(unseenS)) {
      UnseenMotion unseen = sight.unseen();
      covariance.unseen(
          T_odom_cam(), unseen.wayStd(unseenS, typicalDepth), unseen.turnStdRad(unseenS));
    }
    if (unitInUse && !isDepthKnown) {
      covariance.loseUnit(T_odom_cam());
    }
    covariance.begin();
    sight.is(first.stamp());
    unitInUse = isDepthKnown;
    tracking = isDepthKnown ? TrackingState.TRACKING : TrackingState.INITIALIZING;
  }

  /** A picture is looked for that comes an interval after the one of the present pose. */
  void expectNext(double intervalS) {
    shutter.begin(T_cam_odom, intervalS);
  }

  /**
   * The picture looked for has this pose.
   *
   * @return whether the twist is known that was not known before
   */
  boolean moveTo(Se3 newT_cam_odom) {
    T_cur_prev = newT_cam_odom.times(T_cam_odom.inverse());
    T_cam_odom = newT_cam_odom;
    return shutter.end(T_cam_odom);
  }

  /**
   * The picture looked for has the pose of the one before; answers as {@link #moveTo} does.
   *
   * @param flowPerFocal what may have moved in the picture unnoticed, over the focal length
   */
  boolean rest(double flowPerFocal, LocalMap map) {
    T_cur_prev = Se3.identity();
    covariance.rested(T_odom_cam(), map.typicalDepth(), flowPerFocal);
    return shutter.end(T_cam_odom);
  }

  /** The depths are known from here on, and with them the present pose better. */
  void initialised(Se3 newT_cam_odom) {
    T_cam_odom = newT_cam_odom;
    tracking = TrackingState.TRACKING;
  }

  /** The camera was found again, nobody knows how it came here. */
  void foundAgain(Se3 newT_cam_odom) {
    T_cam_odom = newT_cam_odom;
    T_cur_prev = Se3.identity();
    covariance.jump();
    tracking = TrackingState.TRACKING;
  }

  /** The camera is lost: the pose is taken to be a keyframe's again. */
  void lose(Keyframe keyframe) {
    tracking = TrackingState.LOST;
    T_cam_odom = keyframe.T_cam_odom();
    sight.is(keyframe.stamp());
    lens.backTo(keyframe);
    covariance.backToKeyframe(T_odom_cam());
    forgetMotion();
  }

  /** How sure the present pose is that the points of a map were solved for. */
  void solved(PoseSolver.Solution solution, double inlierShare, LocalMap map) {
    covariance.found(T_odom_cam(), solution.hessian(), inlierShare * sight.worth(), T_cur_prev);
    lens.found(map.points, map.window, T_cam_odom, solution.noisePx());
  }

  /**
   * How sure the present pose is of which nothing but a turn was solved for.
   *
   * @param noisePx how exactly the points were seen
   */
  void turned(double noisePx, LocalMap map) {
    covariance.turned(T_odom_cam(), map.typicalDepth(), T_cur_prev);
    lens.found(map.points, map.window, T_cam_odom, noisePx);
  }

  /**
   * How sure the present pose is that was found by other means.
   *
   * @param covariance_cam {@code [6 6]} left perturbation of T_cam_odom
   */
  void relocated(double[] covariance_cam) {
    covariance.relocated(T_odom_cam(), covariance_cam);
  }

  /** The pose is that of a picture taken then, found by the motion from the one before. */
  void seen(Timestamp stamp, double intervalS) {
    unitInUse |= isTracking();
    sight.seen(stamp, T_cur_prev, intervalS);
  }

  /**
   * The present picture became a keyframe.
   *
   * @param tellsOfLens whether it tells of the calibration too
   */
  void addKeyframe(Keyframe keyframe, boolean tellsOfLens) {
    lens.addKeyframe(keyframe);
    if (tellsOfLens) {
      lens.learn();
    }
  }

  /** The present picture's keyframe and the points were refined. */
  void refined(Keyframe keyframe, PointTracks points) {
    T_cam_odom = keyframe.T_cam_odom();
    covariance.addKeyframe(T_odom_cam(), points);
  }

  /** Depth is not known any longer, nor what hands its unit on. */
  void loseDepth() {
    tracking = TrackingState.INITIALIZING;
    covariance.loseUnit(T_odom_cam());
  }

  /** The unit of length was measured, to so much of itself. */
  void knowUnit(double relativeStd) {
    covariance.knowUnit(relativeStd);
  }

  /**
   * The pose is not right by definition.
   *
   * @param covariance_odom {@code [6 6]} of the pose, left perturbation in odom
   */
  void inherit(double[] covariance_odom) {
    covariance.start(T_odom_cam(), covariance_odom);
  }

  /** The pose is this by definition. */
  void define(Se3 T_odom_cam) {
    covariance.start(T_odom_cam, PoseCovariance.exact());
    lens.clear();
    T_cam_odom = T_odom_cam.inverse();
  }

  void rescale(UnitChange change) {
    sight.unseen().rescale(change.factor());
    covariance.rescale(change.factor(), change.from_odom());
    lens.rescale(change.factor(), change.from_odom());
    T_cam_odom = change.moved(T_cam_odom);
    T_cur_prev = T_cur_prev.scaledTranslation(change.factor());
  }
}
