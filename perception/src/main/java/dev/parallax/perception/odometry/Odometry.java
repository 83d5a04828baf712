package dev.parallax.perception.odometry;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingFigures;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Follows the camera: points are found again in each picture, pose and depths solved together, and
 * the window of keyframes refined whenever one is added. Agent thread only.
 *
 * <p>The window is refined beside the frames: begun with a keyframe, and taken over when the next
 * picture is looked for or anything of the window is asked for, so that a run can be repeated to
 * the bit.
 */
public final class Odometry implements AutoCloseable {
  /** What calibrations made with care are off by: 0.2 % of the focal length, 0.002 of k1. */
  private static final double[] USUAL_LENS_STD = {0.002, 0.002};

  private final PinholeCamera camera;
  private final RollingShutter shutter;
  private final LocalMap map;
  private final CameraState state;
  private final PoseSearch search;
  private final FrameTracker tracker;
  private final Recovery recovery;

  /**
   * What one frame brought.
   *
   * @param T_odom_cam the pose
   * @param T_cur_prev motion from the previous tracked frame's camera to this one's
   * @param covariance {@code [6 6]} (translation, rotation), left perturbation in odom
   * @param motionCovariance {@code [6 6]} of the motion, (translation, rotation) along the axes of
   *     this one's camera; null where it was not seen
   * @param inlierShare share of the points that agree
   * @param wantsKeyframe whether {@link #addKeyframe} should be called for this picture
   * @param figures how the pose was found
   */
  public record Track(
      Se3 T_odom_cam,
      Se3 T_cur_prev,
      double[] covariance,
      double @Nullable [] motionCovariance,
      double inlierShare,
      boolean wantsKeyframe,
      TrackingFigures figures) {
    /**
     * As this one, for a unit of length that may itself be off.
     *
     * @param scaleStd one standard deviation over the scale; NaN adds nothing
     */
    public Track withScaleStd(double scaleStd) {
      return Double.isNaN(scaleStd)
          ? this
          : new Track(
              T_odom_cam,
              T_cur_prev,
              PoseCovariance.withScaleStd(covariance, T_odom_cam, scaleStd),
              motionCovariance == null
                  ? null
                  : PoseCovariance.withScaleStd(motionCovariance, T_cur_prev, scaleStd),
              inlierShare,
              wantsKeyframe,
              figures);
    }
  }

  public Odometry(PinholeCamera camera, PerceptionKernels kernels, Se3 T_odom_cam) {
    this.camera = camera;
    shutter = new RollingShutter(camera);
    map = new LocalMap(camera, kernels, shutter);
    LensDoubt lens = new LensDoubt(camera, USUAL_LENS_STD);
    state = new CameraState(shutter, lens, T_odom_cam.inverse());
    search = new PoseSearch(camera, shutter, map.points, map.window, map.follower);
    tracker = new FrameTracker(camera, state, map, search);
    recovery = new Recovery(camera, kernels, state, map, search);
  }

  /**
   * The calibration may be off by more than one that was made with care. Before the first picture.
   *
   * @param logFocalStd one standard deviation of the logarithm of the focal length
   * @param k1Std of the first radial coefficient
   */
  public void doubtCalibration(double logFocalStd, double k1Std) {
    state.doubt(new LensDoubt(camera, new double[] {logFocalStd, k1Std}));
  }

  /**
   * What the pictures say that the calibration is off by; the covariance takes it in from here on.
   *
   * @param error empty where they say nothing
   */
  public void doubtLens(Optional<LensError> error) {
    state.doubtLens(error);
  }

  public TrackingState state() {
    return state.tracking();
  }

  /** Pose after the last refinement of the window. */
  public Se3 T_odom_cam() {
    settle();
    return state.T_odom_cam();
  }

  /**
   * Where this odometry begins is not right by definition: another one left off there.
   *
   * @param covariance_odom {@code [6 6]} of the pose it begins with, left perturbation in odom
   */
  public void inherit(double[] covariance_odom) {
    settle();
    state.inherit(covariance_odom);
  }

  /** {@code [6 6]} of {@link #T_odom_cam}, left perturbation in odom. */
  public double[] covariance() {
    settle();
    return state.covariance();
  }

  /** What the keyframes saw, to learn the lens from; empty if that is too little. */
  public Optional<FocalViews> focalViews() {
    settle();
    return FocalViews.of(camera, shutter, map.window, map.points);
  }

  /** {@code [3]} the way from the oldest keyframe alive to here, axes of the camera now. */
  public double[] travel_cam() {
    settle();
    return map.travel_cam(state.T_cam_odom());
  }

  /** Refined pose of the keyframe taken at a time; empty once it has left the window. */
  public Optional<Se3> keyframeT_odom_cam(Timestamp stamp) {
    settle();
    return map.keyframe(stamp).map(k -> k.T_cam_odom().inverse());
  }

  /** Of what is seen, in odom's unit; 1 before anything was. */
  public double typicalDepth() {
    settle();
    return map.typicalDepth();
  }

  /**
   * How unsure the way from a keyframe to here is: one standard deviation of its length over that
   * length, by what the present picture alone leaves open; NaN where they are in one place.
   */
  public double relativeStdOfWayFrom(Se3 T_odom_key) {
    Se3 T_odom_cam = T_odom_cam();
    double std = state.distanceStd(T_odom_key.translation());
    return std / T_odom_key.inverse().times(T_odom_cam).distance();
  }

  /**
   * Begins anew at this picture, with the pose as it stands; forgets all depth. What the camera may
   * have moved since the picture that the pose is of goes into the covariance.
   */
  public void start(DeviceBuffer grey, Timestamp stamp, DepthHint depths) {
    settle();
    double typicalDepth = map.typicalDepth();
    recovery.clear();
    state.forgetMotion();
    boolean isDepthKnown = map.start(grey, stamp, depths, state.T_cam_odom());
    state.start(map.window.latest(), isDepthKnown, typicalDepth);
    tracker.start();
  }

  /**
   * Somebody guesses which pixels of a picture lie nearer than which. Used while depth is unknown,
   * if the picture is the last keyframe.
   */
  public void hear(Timestamp picture, DepthOrder guess) {
    search.hear(picture, guess);
  }

  /**
   * Begins to look for the points in a new picture. Nothing is lost if {@link #track} never
   * follows.
   *
   * @param forwardFlow {@code [h w 2]} grid pixels, from the previous picture to this one
   */
  public void look(DeviceBuffer grey, DeviceBuffer forwardFlow) {
    map.follower.look(map.points, grey, forwardFlow, map.window.latest().slot());
  }

  /**
   * Finds the pose of the picture given to {@link #look}.
   *
   * @param stamp when it was taken
   * @param intervalS since the picture before
   * @param gyro how the camera turned since, as a gyroscope that is believed has it; null where
   *     there is none
   * @return empty if no pose can be trusted
   */
  public Optional<Track> track(Timestamp stamp, double intervalS, @Nullable TurnPrediction gyro) {
    settle();
    Optional<Track> found = tracker.track(intervalS, gyro);
    if (found.isPresent()) {
      state.seen(stamp, intervalS);
    } else {
      lose();
    }
    return found;
  }

  /**
   * Looks for the camera again after a loss: by dense flow near the last keyframe, else by features
   * against all keyframes of this segment.
   *
   * @param flowFromKeyframe {@code [h w 2]} grid pixels, from {@link #keyframeGrey} to this picture
   * @param inconsistency {@code [h w 1]} how badly that flow closes, grid pixels
   * @return empty while it stays lost
   */
  public Optional<Track> recover(
      Timestamp stamp,
      DeviceBuffer grey,
      DeviceBuffer flowFromKeyframe,
      DeviceBuffer inconsistency) {
    settle();
    Optional<Track> found = recovery.nearKeyframe(grey, flowFromKeyframe, inconsistency);
    if (found.isEmpty()) {
      lose();
      found = recovery.anywhere(grey);
    }
    if (found.isPresent()) {
      state.sight.is(stamp);
    }
    return found;
  }

  /** The last keyframe's picture, {@code [H W 1]} U8. */
  public DeviceBuffer keyframeGrey() {
    return map.follower.keyframeGrey();
  }

  /**
   * Declares the camera lost, as when a picture shows nothing at all: goes back to the last
   * keyframe and its points, to be looked for again.
   */
  public void lose() {
    settle();
    if (state.isInitializing()) {
      return; // nothing to come back to: the caller starts again
    }
    map.backToKeyframe();
    tracker.lose();
    state.lose(map.window.latest());
  }

  /** Whether much more time passed before the last picture than usually does, and unseen. */
  public boolean isAfterGap() {
    return state.sight.isAfterGap();
  }

  /**
   * Changes the unit of length: every distance from a point of odom is multiplied. With the
   * camera's own position as that point the current pose stays.
   *
   * @param track the newest track
   * @param fixed_odom {@code [3]} the point of odom that stays, in the old unit and the new
   * @return the track in the new unit
   */
  public Track rescale(Track track, double factor, double[] fixed_odom) {
    settle();
    UnitChange change = UnitChange.about(factor, fixed_odom);
    recovery.rescale(factor, change::moved);
    return rescale(track, change);
  }

  /**
   * Corrects the unit of length where it has drifted of late, and with it the last step: the camera
   * and all that it sees go along. What was stored before stays as it is.
   *
   * @param track the newest track
   * @param factor what all lengths are multiplied by, close to 1
   * @param camera_odom {@code [3]} where the camera is now, close to where it was
   * @return the track as corrected
   */
  public Track correctScale(Track track, double factor, double[] camera_odom) {
    settle();
    return rescale(track, new UnitChange(factor, track.T_odom_cam().translation(), camera_odom));
  }

  /**
   * The unit of length is known from elsewhere: later steps no longer add up what it may be off by.
   *
   * @param relativeStd one standard deviation over the unit
   */
  public void knowUnit(double relativeStd) {
    settle();
    state.knowUnit(relativeStd);
  }

  /** From a picture's first row to its last, seconds, as learnt so far; NaN before. */
  public double readoutS() {
    settle();
    return map.readoutS();
  }

  /** What {@link #readoutS} was where another one leaves off; NaN tells nothing. */
  public void knowReadout(double readoutS) {
    settle();
    map.knowReadout(readoutS);
  }

  private Track rescale(Track track, UnitChange change) {
    map.rescale(change);
    tracker.rescale(change);
    state.rescale(change);
    return change.changed(track);
  }

  /**
   * Moves odom so that the camera's present pose in it becomes the one given; every keyframe goes
   * along.
   */
  public void setPose(Se3 newT_odom_cam) {
    settle();
    Se3 T_old_new = state.T_odom_cam().times(newT_odom_cam.inverse());
    UnaryOperator<Se3> moving = T -> T.times(T_old_new).normalised();
    map.move(moving);
    recovery.rescale(1, moving);
    tracker.move(moving);
    state.define(newT_odom_cam);
  }

  /**
   * Makes the current picture a keyframe and begins to refine the window.
   *
   * @param depths what is believed of depth in it
   * @param measured what a depth sensor saw in it
   */
  public void addKeyframe(
      DeviceBuffer grey, Timestamp stamp, DepthHint depths, DepthHint measured) {
    settle();
    boolean turns = tracker.isTurning();
    if (turns && state.isInitializing()) {
      startBlind(grey, stamp);
      return;
    }
    map.prepareKeyframe(state.T_cam_odom(), measured);
    boolean isMeasured = measured != DepthHint.NONE;
    if (turns && state.isTracking() && !isMeasured && !map.handsUnitOn()) {
      state.loseDepth();
      startBlind(grey, stamp);
      return;
    }
    map.addKeyframe(grey, stamp, recovery.depths(depths), state.T_cam_odom());
    recovery.addKeyframe(grey, stamp, depths);
    state.addKeyframe(map.window.latest(), state.isTracking() && !turns);
    map.refine(measured, !state.isInitializing());
  }

  /** Takes over the refined window, once it is there. */
  private void settle() {
    if (map.settle()) {
      state.refined(map.window.latest(), map.points);
      recovery.refresh();
    }
  }

  /**
   * Begins to look for depth anew from this picture on, at the pose as it stands: nothing of known
   * depth is left in view, and what was typical of depth so far is all that hands the unit on.
   */
  private void startBlind(DeviceBuffer grey, Timestamp stamp) {
    map.startBlind(grey, stamp, state.T_cam_odom());
    state.addKeyframe(map.window.latest(), false);
    state.refined(map.window.latest(), map.points);
    tracker.forgetTrail();
  }

  @Override
  public void close() {
    map.close();
  }
}
