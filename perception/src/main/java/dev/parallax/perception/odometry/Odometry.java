package dev.parallax.perception.odometry;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.concurrent.BackgroundJob;
import dev.parallax.perception.frame.Degeneracy;
import dev.parallax.perception.frame.FirstGuess;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingFigures;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
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
  private static final int WANTED_POINTS = 1200;
  private static final int MIN_INLIERS = 40;
  private static final double MIN_INLIER_SHARE = 0.35;

  /** After a loss more must agree before the pose is believed again. */
  private static final double RECOVERY_INLIER_SHARE = 0.5;

  private static final int RECOVERY_MIN_INLIERS = 80;
  private static final double MAX_RECOVERY_NOISE_PX = 1;

  /** Parallax, as a share of the picture's width, that makes a keyframe. */
  private static final double KEYFRAME_PARALLAX = 0.04;

  /** Parallax that lets depth be trusted for the first time: 8 pixels of 640, noise a third. */
  private static final double BOOTSTRAP_PARALLAX = 0.012;

  /** Enough to stop waiting for one way to explain the pictures better than all others. */
  private static final double PATIENT_PARALLAX = 0.06;

  private static final double MIN_VISIBLE_SHARE = 0.6;

  /** How exactly points are seen where a turn alone is looked for. */
  private static final double TURN_NOISE_PX = 0.5;

  /** What calibrations made with care are off by: 0.2 % of the focal length, 0.002 of k1. */
  private static final double[] USUAL_LENS_STD = {0.002, 0.002};

  private final PinholeCamera camera;
  private final PointFollower follower;
  private final PointTracks points;
  private final PointTracks atKeyframe;
  private final KeyframeWindow window = new KeyframeWindow();
  private final PoseSearch search;
  private final WindowPrior past;
  private final LocalBundleAdjustment adjustment;
  private final BackgroundJob<LocalBundleAdjustment> refinement =
      new BackgroundJob<>("parallax-window");
  private final MeasuredDepth measuredDepth = new MeasuredDepth();
  private final ApparentMotion apparent;
  private final RestWatch rest;
  private final RollingShutter shutter;
  private final KeyframeKeeper keyframes;
  private final KeyframeArchive archive;
  private final Relocaliser relocaliser;
  private final DegeneracyWatch degeneracy;
  private final CovarianceKeeper covariance = new CovarianceKeeper();
  private final Sight sight = new Sight();
  private LensDoubt lens;

  private Set<Degeneracy> degeneracies = Set.of(); // of the last picture
  private TrackingState state = TrackingState.INITIALIZING;
  private Se3 T_cam_odom;
  private Se3 velocity = Se3.identity(); // T_cur_prev of the last interval
  private boolean unitInUse; // lengths of odom are in the unit that depth had
  private DepthHint relocated = DepthHint.NONE; // until the keyframe there is made

  /**
   * What one frame brought.
   *
   * @param T_odom_cam the pose
   * @param T_cur_prev motion from the previous tracked frame's camera to this one's
   * @param covariance {@code [6 6]} (translation, rotation), left perturbation in odom
   * @param inlierShare share of the points that agree
   * @param wantsKeyframe whether {@link #addKeyframe} should be called for this picture
   * @param figures how the pose was found
   */
  public record Track(
      Se3 T_odom_cam,
      Se3 T_cur_prev,
      double[] covariance,
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
              inlierShare,
              wantsKeyframe,
              figures);
    }
  }

  public Odometry(PinholeCamera camera, PerceptionKernels kernels, Se3 T_odom_cam) {
    this.camera = camera;
    follower = new PointFollower(camera, kernels, WANTED_POINTS);
    points = new PointTracks(follower.capacity());
    atKeyframe = new PointTracks(follower.capacity());
    shutter = new RollingShutter(camera);
    search = new PoseSearch(camera, shutter, points, window, follower);
    past = new WindowPrior(camera, shutter);
    adjustment = new LocalBundleAdjustment(camera, shutter, past, points.capacity);
    apparent = new ApparentMotion(camera);
    rest = new RestWatch(camera, points.capacity);
    degeneracy = new DegeneracyWatch(camera, points.capacity);
    keyframes = new KeyframeKeeper(camera, shutter, follower, window, points, past);
    archive = new KeyframeArchive(kernels);
    relocaliser = new Relocaliser(camera, kernels, archive);
    lens = new LensDoubt(camera, USUAL_LENS_STD);
    T_cam_odom = T_odom_cam.inverse();
  }

  /**
   * The calibration may be off by more than one that was made with care. Before the first picture.
   *
   * @param logFocalStd one standard deviation of the logarithm of the focal length
   * @param k1Std of the first radial coefficient
   */
  public void doubtCalibration(double logFocalStd, double k1Std) {
    lens = new LensDoubt(camera, new double[] {logFocalStd, k1Std});
  }

  public TrackingState state() {
    return state;
  }

  /** Pose after the last refinement of the window. */
  public Se3 T_odom_cam() {
    settle();
    return T_cam_odom.inverse();
  }

  /**
   * Where this odometry begins is not right by definition: another one left off there.
   *
   * @param covariance_odom {@code [6 6]} of the pose it begins with, left perturbation in odom
   */
  public void inherit(double[] covariance_odom) {
    covariance.start(T_odom_cam(), covariance_odom);
  }

  /** {@code [6 6]} of {@link #T_odom_cam}, left perturbation in odom. */
  public double[] covariance() {
    settle();
    return lens.widened(covariance.last());
  }

  /** What the keyframes saw, to learn the focal length from; empty if that is too little. */
  public Optional<FocalViews> focalViews() {
    settle();
    return FocalViews.of(camera, shutter, window, points);
  }

  /** {@code [3]} the way from the oldest keyframe alive to here, axes of the camera now. */
  public double[] travel_cam() {
    settle();
    if (window.size() == 0) {
      return new double[3];
    }
    Se3 T_cam_oldest = T_cam_odom.times(window.keyframes().get(0).T_cam_odom().inverse());
    return new double[] {-T_cam_oldest.tx(), -T_cam_oldest.ty(), -T_cam_oldest.tz()};
  }

  /** Refined pose of the keyframe taken at a time; empty once it has left the window. */
  public Optional<Se3> keyframeT_odom_cam(Timestamp stamp) {
    settle();
    return window.keyframes().stream()
        .filter(k -> k.stamp().equals(stamp))
        .map(k -> k.T_cam_odom().inverse())
        .findFirst();
  }

  /**
   * How unsure the way from a keyframe to here is: one standard deviation of its length over that
   * length, by what the present picture alone leaves open; NaN where they are in one place.
   */
  public double relativeStdOfWayFrom(Se3 T_odom_key) {
    Se3 T_odom_cam = T_odom_cam();
    double std = covariance.distanceStd(T_odom_cam, T_odom_key.translation());
    return std / T_odom_key.inverse().times(T_odom_cam).distance();
  }

  /**
   * Begins anew at this picture, with the pose as it stands; forgets all depth. What the camera may
   * have moved since the picture that the pose is of goes into the covariance.
   */
  public void start(DeviceBuffer grey, Timestamp stamp, DepthHint depths) {
    settle();
    double typicalDepth = 1 / keyframes.typicalInverseDepth();
    window.clear();
    past.clear();
    points.clear();
    archive.clear();
    relocated = DepthHint.NONE;
    velocity = Se3.identity();
    shutter.forget();
    int known = keyframes.insert(grey, stamp, depths, T_cam_odom);
    lens.addKeyframe(window.latest());
    atKeyframe.copyFrom(points);
    rest.start(points, follower.misses);
    degeneracy.forget(points);
    boolean depthKnown = known > MIN_INLIERS;
    double unseenS = sight.unseenS(stamp);
    if (!Double.isNaN(unseenS)) {
      UnseenMotion unseen = sight.unseen();
      covariance.unseen(
          T_odom_cam(), unseen.wayStd(unseenS, typicalDepth), unseen.turnStdRad(unseenS));
    }
    if (unitInUse && !depthKnown) {
      covariance.loseUnit(T_odom_cam());
    }
    sight.is(stamp);
    unitInUse = depthKnown;
    state = depthKnown ? TrackingState.TRACKING : TrackingState.INITIALIZING;
  }

  /**
   * Begins to look for the points in a new picture. Nothing is lost if {@link #track} never
   * follows.
   *
   * @param forwardFlow {@code [h w 2]} grid pixels, from the previous picture to this one
   */
  public void look(DeviceBuffer grey, DeviceBuffer forwardFlow) {
    follower.look(points, grey, forwardFlow, window.latest().slot());
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
    Optional<Track> found = follow(intervalS, gyro);
    if (found.isPresent()) {
      unitInUse |= state == TrackingState.TRACKING;
      sight.seen(stamp, found.get().T_cur_prev(), intervalS);
    }
    return found;
  }

  private Optional<Track> follow(double intervalS, @Nullable TurnPrediction gyro) {
    settle();
    sight.next(intervalS, gyro != null);
    search.expect(gyro, T_cam_odom);
    PointFollower.Found found = follower.follow(points, window.latest().slot());
    boolean isSeen = sight.suffices(found.recognised(), state == TrackingState.TRACKING);
    if (points.count < MIN_INLIERS || !isSeen) {
      lose();
      return Optional.empty();
    }
    shutter.begin(T_cam_odom, intervalS);
    if (gyro != null && gyro.isTurn()) {
      rest.leave();
    } else if (rest.holds(points, follower.misses, window, T_cam_odom)) {
      velocity = Se3.identity();
      poseFound();
      return Optional.of(
          found(
              1,
              false,
              new TrackingFigures(
                  FirstGuess.NONE,
                  Double.NaN,
                  parallaxShare(),
                  rest.isStill() ? Set.of(Degeneracy.STANDING_STILL) : Set.of())));
    }
    Se3 T_prev_odom = T_cam_odom;
    Se3 turn = turnWithoutDepth();
    if (turn != null) {
      return Optional.of(turned(turn, found.confirmed()));
    }
    PoseSolver.Solution solution =
        state == TrackingState.TRACKING
            ? search.withDepth(T_cam_odom, velocity)
            : search.withoutDepth(T_cam_odom, velocity);
    if (!isReliable(solution, MIN_INLIERS, MIN_INLIER_SHARE)) {
      lose();
      return Optional.empty();
    }
    double inlierShare = (double) solution.inliers() / points.count;
    T_cam_odom = solution.T_cam_odom();
    velocity = T_cam_odom.times(T_prev_odom.inverse());
    poseFound();
    double parallax = parallaxShare();
    boolean wantsKeyframe = wantsKeyframe(parallax, found.confirmed());
    degeneracies =
        degeneracy.judge(points, follower.misses, window, T_cam_odom, search.agreeing(solution));
    if (state == TrackingState.TRACKING) {
      search.judgePoints(solution);
    } else if (mayFreeDepths(parallax)) {
      solution = search.freeDepths(solution);
      T_cam_odom = solution.T_cam_odom();
      state = TrackingState.TRACKING;
      wantsKeyframe = true;
    }
    return Optional.of(accept(solution, inlierShare, figures(parallax), wantsKeyframe));
  }

  /**
   * The first keyframe was taken before anything was known of its twist: it takes the next one's.
   */
  private void poseFound() {
    if (shutter.end(T_cam_odom) && window.size() == 1) {
      window.replaceTwist(0, shutter.latest());
    }
  }

  private boolean mayFreeDepths(double parallax) {
    return parallax > (search.isDecided() ? BOOTSTRAP_PARALLAX : PATIENT_PARALLAX)
        && !degeneracy.mayHaveOnlyTurned(window.latest(), points, follower.misses);
  }

  /** While nothing is known of depth: the turn since the last keyframe, if that is all there is. */
  private @Nullable Se3 turnWithoutDepth() {
    return state == TrackingState.INITIALIZING
        ? degeneracy.turnSince(window.latest(), points, follower.misses)
        : null;
  }

  /**
   * A turn tells nothing of depth, and without depth nothing is known of a step either: the
   * camera's place is held.
   */
  private Track turned(Se3 T_cam_key, double confirmed) {
    Se3 T_prev_odom = T_cam_odom;
    T_cam_odom = T_cam_key.times(window.latest().T_cam_odom()).normalised();
    velocity = T_cam_odom.times(T_prev_odom.inverse());
    poseFound();
    degeneracies = EnumSet.of(Degeneracy.TURNING_ON_THE_SPOT);
    degeneracy.remember(points, T_cam_odom);
    covariance.turned(T_odom_cam(), 1 / keyframes.typicalInverseDepth());
    lens.found(points, window, T_cam_odom, TURN_NOISE_PX);
    points.anchorAll();
    TrackingFigures figures =
        new TrackingFigures(FirstGuess.NONE, Double.NaN, parallaxShare(), degeneracies);
    return found(1, wantsKeyframe(0, confirmed), figures);
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
    Optional<Track> found = recover(grey, flowFromKeyframe, inconsistency);
    if (found.isPresent()) {
      sight.is(stamp);
    }
    return found;
  }

  private Optional<Track> recover(
      DeviceBuffer grey, DeviceBuffer flowFromKeyframe, DeviceBuffer inconsistency) {
    settle();
    search.expect(null, T_cam_odom);
    int before = points.count;
    follower.dropUnclosed(points, inconsistency, MAX_RECOVERY_NOISE_PX);
    look(grey, flowFromKeyframe);
    follower.follow(points, window.latest().slot());
    follower.dropUnconfirmed(points);
    Optional<Track> nearby =
        points.count < MIN_INLIER_SHARE * before ? Optional.empty() : resume(T_cam_odom, 1);
    return nearby.isPresent() ? nearby : relocalise(grey);
  }

  /**
   * Goes on with the points of the last keyframe that were found in this picture. Dense flow bends
   * any picture into any other, so only points whose patch is found again count, with their depths
   * as believed.
   */
  private Optional<Track> resume(Se3 guessT_cam_odom, double depthVarianceFactor) {
    PoseSolver.Solution solution = search.near(guessT_cam_odom, depthVarianceFactor);
    if (solution.noisePx() > MAX_RECOVERY_NOISE_PX
        || !isReliable(solution, RECOVERY_MIN_INLIERS, RECOVERY_INLIER_SHARE)) {
      lose();
      return Optional.empty();
    }
    double inlierShare = (double) solution.inliers() / points.count;
    T_cam_odom = solution.T_cam_odom();
    velocity = Se3.identity();
    state = TrackingState.TRACKING;
    search.judgePoints(solution);
    TrackingFigures figures =
        new TrackingFigures(FirstGuess.REST, Double.NaN, parallaxShare(), Set.of());
    return Optional.of(accept(solution, inlierShare, figures, true));
  }

  private Optional<Track> relocalise(DeviceBuffer grey) {
    lose();
    Optional<Relocaliser.Found> found = relocaliser.find(grey);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    follower.find(points, grey, window, found.get().T_cam_odom());
    Optional<Track> near = resume(found.get().T_cam_odom(), PoseSearch.DEPTH_VARIANCE_FACTOR);
    return near.isPresent() ? near : Optional.of(restartAt(found.get()));
  }

  /** Goes on from a place known by features alone: a fresh window there, in the old unit. */
  private Track restartAt(Relocaliser.Found found) {
    window.clear();
    past.clear();
    points.clear();
    relocated = new RelocatedDepth(found);
    T_cam_odom = found.T_cam_odom();
    velocity = Se3.identity();
    state = TrackingState.TRACKING;
    covariance.relocated(T_odom_cam(), found.covariance_cam());
    return found(found.score(), true, TrackingFigures.none());
  }

  /** The last keyframe's picture, {@code [H W 1]} U8. */
  public DeviceBuffer keyframeGrey() {
    return follower.keyframeGrey();
  }

  private Track accept(
      PoseSolver.Solution solution,
      double inlierShare,
      TrackingFigures figures,
      boolean wantsKeyframe) {
    covariance.found(T_odom_cam(), solution.hessian(), inlierShare * sight.worth());
    lens.found(points, window, T_cam_odom, solution.noisePx());
    points.anchorAll();
    return found(inlierShare, wantsKeyframe, figures);
  }

  /** The pose as it stands now, and the motion to it. */
  private Track found(double inlierShare, boolean wantsKeyframe, TrackingFigures figures) {
    return new Track(T_odom_cam(), velocity, covariance(), inlierShare, wantsKeyframe, figures);
  }

  private boolean isReliable(PoseSolver.Solution solution, int minInliers, double minShare) {
    return solution.inliers() >= minInliers
        && solution.inliers() >= minShare * points.count
        && solution.T_cam_odom().isFinite();
  }

  /**
   * Declares the camera lost, as when a picture shows nothing at all: goes back to the last
   * keyframe and its points, to be looked for again.
   */
  public void lose() {
    settle();
    if (state == TrackingState.INITIALIZING) {
      return; // nothing to come back to: the caller starts again
    }
    state = TrackingState.LOST;
    rest.leave();
    points.copyFrom(atKeyframe);
    follower.forgetMisses();
    degeneracy.forget(points);
    T_cam_odom = window.latest().T_cam_odom();
    sight.is(window.latest().stamp());
    lens.backTo(window.latest());
    covariance.backToKeyframe(T_odom_cam());
    velocity = Se3.identity();
    shutter.forget();
  }

  /** Whether much more time passed before the last picture than usually does, and unseen. */
  public boolean isAfterGap() {
    return sight.isAfterGap();
  }

  private double parallaxShare() {
    return apparent.parallaxShare(points, window.latest(), T_cam_odom);
  }

  private TrackingFigures figures(double parallaxShare) {
    return new TrackingFigures(
        search.guess().kind(), search.guess().fitConditioning(), parallaxShare, degeneracies);
  }

  private boolean wantsKeyframe(double parallax, double confirmed) {
    return parallax > KEYFRAME_PARALLAX
        || points.count < MIN_VISIBLE_SHARE * keyframes.pointsAtKeyframe()
        || confirmed < MIN_VISIBLE_SHARE;
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
    archive.rescale(factor, T -> moved(T.inverse(), factor, fixed_odom, fixed_odom));
    return rescale(track, factor, fixed_odom, fixed_odom);
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
    return rescale(track, factor, track.T_odom_cam().translation(), camera_odom);
  }

  /**
   * The unit of length is known from elsewhere: later steps no longer add up what it may be off by.
   *
   * @param relativeStd one standard deviation over the unit
   */
  public void knowUnit(double relativeStd) {
    settle();
    covariance.knowUnit(relativeStd);
  }

  /** From a picture's first row to its last, seconds, as learnt so far; NaN before. */
  public double readoutS() {
    settle();
    return adjustment.meanReadoutS();
  }

  /** What {@link #readoutS} was where another one leaves off; NaN tells nothing. */
  public void knowReadout(double readoutS) {
    settle();
    adjustment.knowReadout(readoutS);
  }

  private Track rescale(Track track, double factor, double[] from_odom, double[] to_odom) {
    UnaryOperator<Se3> moving = T -> moved(T.inverse(), factor, from_odom, to_odom);
    for (int k = 0; k < window.size(); k++) {
      Keyframe keyframe = window.keyframes().get(k);
      window.replacePose(k, moving.apply(keyframe.T_cam_odom()));
      window.replaceTwist(k, RollingShutter.rescaled(keyframe.twist(), factor));
    }
    past.rescale(factor, moving);
    shutter.rescale(factor);
    points.rescale(factor);
    atKeyframe.rescale(factor);
    rest.rescale(factor);
    sight.unseen().rescale(factor);
    degeneracy.replacePoses(moving);
    covariance.rescale(factor, from_odom);
    lens.rescale(factor, from_odom);
    T_cam_odom = moving.apply(T_cam_odom);
    velocity = velocity.scaledTranslation(factor);
    return new Track(
        moving.apply(track.T_odom_cam().inverse()).inverse(),
        track.T_cur_prev().scaledTranslation(factor),
        PoseCovariance.rescaled(track.covariance(), factor, from_odom),
        track.inlierShare(),
        track.wantsKeyframe(),
        track.figures());
  }

  /**
   * Moves odom so that the camera's present pose in it becomes the one given; every keyframe goes
   * along.
   */
  public void setPose(Se3 newT_odom_cam) {
    settle();
    Se3 T_old_new = T_cam_odom.inverse().times(newT_odom_cam.inverse());
    UnaryOperator<Se3> moving = T -> T.times(T_old_new).normalised();
    for (int k = 0; k < window.size(); k++) {
      window.replacePose(k, moving.apply(window.keyframes().get(k).T_cam_odom()));
    }
    past.move(moving);
    archive.rescale(1, moving);
    covariance.start(newT_odom_cam, PoseCovariance.exact());
    lens.clear();
    degeneracy.replacePoses(moving);
    T_cam_odom = newT_odom_cam.inverse();
  }

  /** The inverse of a camera's pose once lengths from a point, which itself moves, changed. */
  private static Se3 moved(Se3 T_odom_cam, double factor, double[] from_odom, double[] to_odom) {
    double[] t = T_odom_cam.translation();
    for (int k = 0; k < 3; k++) {
      t[k] = to_odom[k] + factor * (t[k] - from_odom[k]);
    }
    return Se3.of(T_odom_cam.rotation(), t).inverse();
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
    boolean turns = degeneracies.contains(Degeneracy.TURNING_ON_THE_SPOT);
    if (turns && state == TrackingState.INITIALIZING) {
      beginBlind(grey, stamp);
      return;
    }
    keyframes.makeRoom(adjustment.noisePx());
    follower.dropUnconfirmed(points);
    measuredDepth.fuse(points, window, T_cam_odom, measured);
    if (turns
        && state == TrackingState.TRACKING
        && measured == DepthHint.NONE
        && keyframes.knownDepths() < MIN_INLIERS) {
      state = TrackingState.INITIALIZING;
      covariance.loseUnit(T_odom_cam());
      beginBlind(grey, stamp);
      return;
    }
    DepthHint best = (u, v, out) -> depths.at(u, v, out) || relocated.at(u, v, out);
    keyframes.insert(grey, stamp, best, T_cam_odom);
    relocated = DepthHint.NONE;
    if (state == TrackingState.TRACKING) {
      archive.add(grey, stamp, T_cam_odom, depths);
    }
    lens.addKeyframe(window.latest());
    if (state == TrackingState.TRACKING && !turns) {
      lens.learn();
    }
    adjustment.begin(window, points, measured);
    refinement.begin(() -> adjustment.refine(points));
  }

  /** Takes over the refined window, once it is there. */
  private void settle() {
    if (!refinement.isPending()) {
      return;
    }
    refinement.take().finish(window, points);
    T_cam_odom = window.latest().T_cam_odom();
    covariance.addKeyframe(T_cam_odom.inverse(), points);
    if (state == TrackingState.TRACKING) {
      archive.refresh(window);
    }
    atKeyframe.copyFrom(points);
  }

  /**
   * Begins to look for depth anew from this picture on, at the pose as it stands: nothing of known
   * depth is left in view, and what was typical of depth so far is all that hands the unit on.
   */
  private void beginBlind(DeviceBuffer grey, Timestamp stamp) {
    keyframes.restart(grey, stamp, T_cam_odom);
    lens.addKeyframe(window.latest());
    covariance.addKeyframe(T_odom_cam(), points);
    atKeyframe.copyFrom(points);
    degeneracy.forget(points);
  }

  @Override
  public void close() {
    refinement.close();
    follower.close();
  }
}
