package dev.parallax.perception.odometry;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Optional;

/**
 * Follows the camera: points are found again in each picture, pose and depths solved together, and
 * the window of keyframes refined whenever one is added. Agent thread only.
 */
public final class Odometry implements AutoCloseable {
  private static final int WANTED_POINTS = 1200;
  private static final int MIN_INLIERS = 40;
  private static final double MIN_INLIER_SHARE = 0.35;

  /** Median motion in the picture that is no more than the noise of a camera at rest. */
  private static final double STILL_PX = 0.12;

  /** After a loss more must agree before the pose is believed again. */
  private static final double RECOVERY_INLIER_SHARE = 0.5;

  private static final int RECOVERY_MIN_INLIERS = 80;
  private static final double MAX_RECOVERY_NOISE_PX = 1;

  /** Parallax, as a share of the picture's width, that makes a keyframe. */
  private static final double KEYFRAME_PARALLAX = 0.04;

  /** Parallax that lets depth be trusted for the first time. */
  private static final double BOOTSTRAP_PARALLAX = 0.02;

  private static final double MIN_VISIBLE_SHARE = 0.6;

  /** A flat first guess at depth: mean 1 in units still to be known, and how unsure. */
  private static final double FIRST_INVERSE_DEPTH = 1;

  private static final double FIRST_RELATIVE_STD = 0.6;

  /** A depth is one variable but repeats its error from frame to frame: see algorithms, sec. 1. */
  private static final double DEPTH_VARIANCE_FACTOR = 4;

  /** How far depth may go from the flat guess once it is first estimated. */
  private static final double BOOTSTRAP_VARIANCE_FACTOR = 16;

  private final PinholeCamera camera;
  private final PointFollower follower;
  private final PointTracks points;
  private final PointTracks atKeyframe;
  private final KeyframeWindow window = new KeyframeWindow();
  private final PoseSolver solver;
  private final LocalBundleAdjustment adjustment;
  private final SymmetricSolver covarianceSolver = new SymmetricSolver(6);
  private final double[] hint = new double[2];

  private TrackingState state = TrackingState.INITIALIZING;
  private Se3 T_cam_odom;
  private Se3 velocity = Se3.identity(); // T_cur_prev of the last interval
  private double[] lastCovariance = new double[36];
  private int pointsAtKeyframe;

  /**
   * What one frame brought.
   *
   * @param T_odom_cam the pose
   * @param T_cur_prev motion from the previous tracked frame's camera to this one's
   * @param covariance {@code [6 6]} (translation, rotation), left perturbation in odom
   * @param inlierShare share of the points that agree
   * @param parallaxShare median parallax to the last keyframe over the picture's width
   * @param wantsKeyframe whether {@link #addKeyframe} should be called for this picture
   * @param still whether the camera was found not to move; the pose is then held to the bit
   */
  public record Track(
      Se3 T_odom_cam,
      Se3 T_cur_prev,
      double[] covariance,
      double inlierShare,
      double parallaxShare,
      boolean wantsKeyframe,
      boolean still) {}

  public Odometry(PinholeCamera camera, PerceptionKernels kernels, Se3 T_odom_cam) {
    this.camera = camera;
    follower = new PointFollower(camera, kernels, WANTED_POINTS);
    points = new PointTracks(follower.capacity());
    atKeyframe = new PointTracks(follower.capacity());
    solver = new PoseSolver(camera, points.capacity);
    adjustment = new LocalBundleAdjustment(camera, points.capacity);
    T_cam_odom = T_odom_cam.inverse();
  }

  public TrackingState state() {
    return state;
  }

  /** Pose after the last refinement of the window. */
  public Se3 T_odom_cam() {
    return T_cam_odom.inverse();
  }

  /** {@code [3]} the way from the oldest keyframe alive to here, axes of the camera now. */
  public double[] travel_cam() {
    if (window.size() == 0) {
      return new double[3];
    }
    Se3 T_cam_oldest = T_cam_odom.times(window.keyframes().get(0).T_cam_odom().inverse());
    return new double[] {-T_cam_oldest.tx(), -T_cam_oldest.ty(), -T_cam_oldest.tz()};
  }

  /** Refined pose of the keyframe taken at a time; empty once it has left the window. */
  public Optional<Se3> keyframeT_odom_cam(Timestamp stamp) {
    return window.keyframes().stream()
        .filter(k -> k.stamp().equals(stamp))
        .map(k -> k.T_cam_odom().inverse())
        .findFirst();
  }

  /** Begins anew at this picture, with the pose as it stands; forgets all depth. */
  public void start(DeviceBuffer grey, Timestamp stamp, DepthHint depths) {
    window.clear();
    points.clear();
    velocity = Se3.identity();
    int known = insertKeyframe(grey, stamp, depths);
    atKeyframe.copyFrom(points);
    boolean depthKnown = known > MIN_INLIERS;
    state = depthKnown ? TrackingState.TRACKING : TrackingState.INITIALIZING;
  }

  /**
   * Finds the pose of a new picture.
   *
   * @param forwardFlow {@code [H W 2]} from the previous picture to this one
   * @return empty if no pose can be trusted
   */
  public Optional<Track> track(DeviceBuffer grey, DeviceBuffer forwardFlow) {
    double confirmed = follower.follow(points, grey, forwardFlow, window.latest().slot());
    if (points.count < MIN_INLIERS) {
      lose();
      return Optional.empty();
    }
    if (isStill()) {
      velocity = Se3.identity();
      return Optional.of(
          new Track(T_odom_cam(), velocity, lastCovariance, 1, parallaxShare(), false, true));
    }
    Se3 T_prev_odom = T_cam_odom;
    PoseSolver.Solution solution = solver.solve(points, window, bestGuess(), DEPTH_VARIANCE_FACTOR);
    if (!isReliable(solution, MIN_INLIERS, MIN_INLIER_SHARE)) {
      lose();
      return Optional.empty();
    }
    double inlierShare = (double) solution.inliers() / points.count;
    T_cam_odom = solution.T_cam_odom();
    velocity = T_cam_odom.times(T_prev_odom.inverse());
    double parallax = parallaxShare();
    boolean wantsKeyframe = wantsKeyframe(parallax, confirmed);
    if (state == TrackingState.TRACKING) {
      judgePoints(solution);
    } else if (parallax > BOOTSTRAP_PARALLAX) {
      solution = bootstrap(solution);
      state = TrackingState.TRACKING;
      wantsKeyframe = true;
    }
    return Optional.of(accept(solution, inlierShare, parallax, wantsKeyframe));
  }

  /**
   * Looks for the camera again after a loss: the points of the last keyframe, from where it saw
   * them. Dense flow bends any picture into any other, so only points whose flow closes and whose
   * patch is found again count, with their depths as believed.
   *
   * @param flowFromKeyframe {@code [H W 2]} from {@link #keyframeGrey} to this picture
   * @param inconsistency {@code [H W 1]} how badly that flow closes, pixels
   * @return empty while it stays lost
   */
  public Optional<Track> recover(
      DeviceBuffer grey, DeviceBuffer flowFromKeyframe, DeviceBuffer inconsistency) {
    int before = points.count;
    follower.dropUnclosed(points, inconsistency, MAX_RECOVERY_NOISE_PX);
    follower.follow(points, grey, flowFromKeyframe, window.latest().slot());
    follower.dropUnconfirmed(points);
    if (points.count < Math.max(RECOVERY_MIN_INLIERS, MIN_INLIER_SHARE * before)) {
      lose();
      return Optional.empty();
    }
    PoseSolver.Solution solution = solver.solve(points, window, T_cam_odom, 1);
    if (solution.noisePx() > MAX_RECOVERY_NOISE_PX
        || !isReliable(solution, RECOVERY_MIN_INLIERS, RECOVERY_INLIER_SHARE)) {
      lose();
      return Optional.empty();
    }
    double inlierShare = (double) solution.inliers() / points.count;
    T_cam_odom = solution.T_cam_odom();
    velocity = Se3.identity();
    state = TrackingState.TRACKING;
    judgePoints(solution);
    return Optional.of(accept(solution, inlierShare, parallaxShare(), true));
  }

  /** The last keyframe's picture, {@code [H W 1]} U8. */
  public DeviceBuffer keyframeGrey() {
    return follower.keyframeGrey();
  }

  private Track accept(
      PoseSolver.Solution solution, double inlierShare, double parallax, boolean wantsKeyframe) {
    lastCovariance = covariance(solution, inlierShare);
    points.anchorAll();
    return new Track(
        T_odom_cam(), velocity, lastCovariance, inlierShare, parallax, wantsKeyframe, false);
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
    if (state == TrackingState.INITIALIZING) {
      return; // nothing to come back to: the caller starts again
    }
    state = TrackingState.LOST;
    points.copyFrom(atKeyframe);
    follower.forgetMisses();
    T_cam_odom = window.latest().T_cam_odom();
    velocity = Se3.identity();
  }

  /** Whether the points are, but for noise, where they were when the pose last changed. */
  private boolean isStill() {
    double[] moved = new double[points.count];
    for (int i = 0; i < points.count; i++) {
      moved[i] =
          Math.hypot(
              points.uv[2 * i] - points.anchor[2 * i],
              points.uv[2 * i + 1] - points.anchor[2 * i + 1]);
    }
    Arrays.sort(moved);
    return moved[moved.length / 2] < STILL_PX;
  }

  /** Frees the depths from their flat first guess now that parallax can tell them apart. */
  private PoseSolver.Solution bootstrap(PoseSolver.Solution flat) {
    PoseSolver.Solution free =
        solver.solve(points, window, flat.T_cam_odom(), BOOTSTRAP_VARIANCE_FACTOR);
    T_cam_odom = free.T_cam_odom();
    boolean[] keep = new boolean[points.count];
    for (int i = 0; i < points.count; i++) {
      keep[i] = solver.isInlier(i, free.noisePx());
      points.rho[i] = solver.rho(i);
      points.variance[i] =
          1 / (solver.information(i) + 1 / (points.variance[i] * BOOTSTRAP_VARIANCE_FACTOR));
    }
    follower.drop(points, keep);
    return free;
  }

  private boolean wantsKeyframe(double parallax, double confirmed) {
    return parallax > KEYFRAME_PARALLAX
        || points.count < MIN_VISIBLE_SHARE * pointsAtKeyframe
        || confirmed < MIN_VISIBLE_SHARE;
  }

  /** Tries moving on as before and standing still, and takes what fits better. */
  private Se3 bestGuess() {
    Se3 moving = velocity.times(T_cam_odom);
    double width = 3;
    return solver.costOf(points, window, moving, width)
            <= solver.costOf(points, window, T_cam_odom, width)
        ? moving
        : T_cam_odom;
  }

  /** Drops points that keep disagreeing. Depth is learnt at keyframes: errors repeat in between. */
  private void judgePoints(PoseSolver.Solution solution) {
    boolean[] keep = new boolean[points.count];
    for (int i = 0; i < points.count; i++) {
      boolean agrees = solver.isInlier(i, solution.noisePx());
      points.trust[i] += 0.2f * ((agrees ? 1 : 0) - points.trust[i]);
      keep[i] = points.trust[i] > 0.4f;
    }
    follower.drop(points, keep);
  }

  /** Median distance that points moved beyond what the camera's turning explains. */
  private double parallaxShare() {
    Keyframe keyframe = window.latest();
    Se3 T_cam_key = T_cam_odom.times(keyframe.T_cam_odom().inverse());
    float[] seen = points.seen[keyframe.slot()];
    double[] moved = new double[points.count];
    int n = 0;
    for (int i = 0; i < points.count; i++) {
      double x = (seen[2 * i] - camera.cx()) / camera.fx();
      double y = (seen[2 * i + 1] - camera.cy()) / camera.fy();
      double z = T_cam_key.r(2, 0) * x + T_cam_key.r(2, 1) * y + T_cam_key.r(2, 2);
      if (z < 0.1) {
        continue;
      }
      double u =
          camera.fx() * (T_cam_key.r(0, 0) * x + T_cam_key.r(0, 1) * y + T_cam_key.r(0, 2)) / z
              + camera.cx();
      double v =
          camera.fy() * (T_cam_key.r(1, 0) * x + T_cam_key.r(1, 1) * y + T_cam_key.r(1, 2)) / z
              + camera.cy();
      moved[n++] = Math.hypot(points.uv[2 * i] - u, points.uv[2 * i + 1] - v);
    }
    if (n == 0) {
      return 0;
    }
    Arrays.sort(moved, 0, n);
    return moved[n / 2] / camera.width();
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
    for (int k = 0; k < window.size(); k++) {
      window.replacePose(
          k, rescaled(window.keyframes().get(k).T_cam_odom().inverse(), factor, fixed_odom));
    }
    points.rescale(factor);
    atKeyframe.rescale(factor);
    lastCovariance = PoseCovariance.rescaled(lastCovariance, factor, fixed_odom);
    T_cam_odom = rescaled(T_cam_odom.inverse(), factor, fixed_odom);
    velocity = velocity.scaledTranslation(factor);
    return new Track(
        rescaled(track.T_odom_cam(), factor, fixed_odom).inverse(),
        track.T_cur_prev().scaledTranslation(factor),
        PoseCovariance.rescaled(track.covariance(), factor, fixed_odom),
        track.inlierShare(),
        track.parallaxShare(),
        track.wantsKeyframe(),
        track.still());
  }

  /** The inverse of a camera's pose once the unit of length has changed. */
  private static Se3 rescaled(Se3 T_odom_cam, double factor, double[] fixed_odom) {
    double[] t = T_odom_cam.translation();
    for (int k = 0; k < 3; k++) {
      t[k] = fixed_odom[k] + factor * (t[k] - fixed_odom[k]);
    }
    return Se3.of(T_odom_cam.rotation(), t).inverse();
  }

  /** Makes the current picture a keyframe and refines the window. */
  public void addKeyframe(DeviceBuffer grey, Timestamp stamp, DepthHint depths) {
    if (window.isFull()) {
      dropKeyframe();
    }
    follower.dropUnconfirmed(points);
    insertKeyframe(grey, stamp, depths);
    adjustment.optimise(window, points);
    T_cam_odom = window.latest().T_cam_odom();
    atKeyframe.copyFrom(points);
  }

  private int insertKeyframe(DeviceBuffer grey, Timestamp stamp, DepthHint depths) {
    int slot = window.freeSlot();
    points.forgetSlot(slot);
    window.add(new Keyframe(slot, stamp, T_cam_odom));
    points.seeAll(slot);
    int found = follower.findNew(grey, points);
    double typical = typicalInverseDepth();
    int known = 0;
    for (int i = 0; i < found; i++) {
      float u = follower.foundU(i);
      float v = follower.foundV(i);
      boolean isKnown = depths.at(u, v, hint);
      known += isKnown ? 1 : 0;
      double rho = isKnown ? hint[0] : typical;
      double std = FIRST_RELATIVE_STD * typical;
      points.add(
          slot,
          u,
          v,
          (u - camera.cx()) / camera.fx(),
          (v - camera.cy()) / camera.fy(),
          rho,
          isKnown ? hint[1] : std * std);
    }
    follower.setKeyframe(grey);
    pointsAtKeyframe = points.count;
    return known;
  }

  /** Median inverse depth of the points in the current picture. */
  private double typicalInverseDepth() {
    if (points.count < MIN_INLIERS) {
      return FIRST_INVERSE_DEPTH;
    }
    double[] all = new double[points.count];
    for (int i = 0; i < points.count; i++) {
      all[i] = inverseDepthNow(i);
    }
    Arrays.sort(all);
    return Math.max(all[all.length / 2], 1e-6);
  }

  private double inverseDepthNow(int i) {
    for (Keyframe keyframe : window.keyframes()) {
      if (keyframe.slot() == points.host[i]) {
        Se3 T_cam_host = T_cam_odom.times(keyframe.T_cam_odom().inverse());
        return points.rho[i] / Math.max(depthRatio(T_cam_host, i), 1e-3);
      }
    }
    return FIRST_INVERSE_DEPTH;
  }

  /** A point's depth in another camera over its depth in its host. */
  private double depthRatio(Se3 T_other_host, int i) {
    return T_other_host.r(2, 0) * points.hostX[i]
        + T_other_host.r(2, 1) * points.hostY[i]
        + T_other_host.r(2, 2)
        + points.rho[i] * T_other_host.tz();
  }

  /** Makes room: the keyframe that shares the fewest points goes, never one of the last two. */
  private void dropKeyframe() {
    Keyframe least = window.keyframes().get(0);
    int fewest = Integer.MAX_VALUE;
    for (int k = 0; k < window.size() - 2; k++) {
      Keyframe keyframe = window.keyframes().get(k);
      int shared = 0;
      for (int i = 0; i < points.count; i++) {
        shared += points.isSeen(keyframe.slot(), i) ? 1 : 0;
      }
      if (shared < fewest) {
        fewest = shared;
        least = keyframe;
      }
    }
    window.remove(least);
    rehost(least);
    points.forgetSlot(least.slot());
  }

  /** Gives the points of a keyframe that leaves to the oldest other one that saw them. */
  private void rehost(Keyframe leaving) {
    boolean[] keep = new boolean[points.count];
    Arrays.fill(keep, true);
    for (int i = 0; i < points.count; i++) {
      if (points.host[i] == leaving.slot()) {
        keep[i] = rehost(leaving, i);
      }
    }
    follower.drop(points, keep);
  }

  private boolean rehost(Keyframe leaving, int i) {
    for (Keyframe next : window.keyframes()) {
      if (!points.isSeen(next.slot(), i)) {
        continue;
      }
      Se3 T_next_host = next.T_cam_odom().times(leaving.T_cam_odom().inverse());
      double z = depthRatio(T_next_host, i);
      if (!(z > 1e-3)) {
        return false;
      }
      points.host[i] = next.slot();
      points.hostX[i] = (points.seen[next.slot()][2 * i] - camera.cx()) / camera.fx();
      points.hostY[i] = (points.seen[next.slot()][2 * i + 1] - camera.cy()) / camera.fy();
      points.rho[i] /= z;
      points.variance[i] /= z * z;
      return true;
    }
    return false;
  }

  /** Inverse Hessian, inflated by the share of points that disagree, moved to odom. */
  private double[] covariance(PoseSolver.Solution solution, double inlierShare) {
    double[] local = new double[36];
    if (!covarianceSolver.invert(solution.hessian(), local)) {
      Arrays.fill(local, 0);
      for (int k = 0; k < 6; k++) {
        local[7 * k] = 1e6;
      }
    }
    for (int k = 0; k < 36; k++) {
      local[k] /= inlierShare * inlierShare;
    }
    return PoseCovariance.toOdom(T_odom_cam(), local);
  }

  @Override
  public void close() {
    follower.close();
  }
}
