package dev.parallax.perception.odometry;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the camera sees its way by: the keyframes alive, the points they see, and what keyframes
 * that left said about them; refined whenever a keyframe is added. Agent thread only.
 */
final class LocalMap implements AutoCloseable {
  private static final int WANTED_POINTS = 1200;

  /** With fewer points of known depth nothing hands the unit of length on. */
  private static final int MIN_KNOWN_DEPTHS = 40;

  final PointFollower follower;
  final KeyframeWindow window = new KeyframeWindow();
  final PointTracks points;
  private final PointTracks atKeyframe; // as they were once the last keyframe was refined
  private final RollingShutter shutter;
  private final WindowPrior past;
  private final KeyframeKeeper keyframes;
  private final WindowRefinement refinement;
  private final MeasuredDepth measuredDepth = new MeasuredDepth();
  private final ApparentMotion apparent;

  LocalMap(PinholeCamera camera, PerceptionKernels kernels, RollingShutter shutter) {
    this.shutter = shutter;
    follower = new PointFollower(camera, kernels, WANTED_POINTS);
    points = new PointTracks(follower.capacity());
    atKeyframe = new PointTracks(follower.capacity());
    past = new WindowPrior(camera, shutter);
    keyframes = new KeyframeKeeper(camera, shutter, follower, window, points, past);
    refinement = new WindowRefinement(camera, shutter, past, points.capacity);
    apparent = new ApparentMotion(camera);
  }

  /** Forgets all keyframes and points. */
  void clear() {
    window.clear();
    past.clear();
    points.clear();
  }

  /**
   * Begins anew at a picture.
   *
   * @return whether the depth of enough of its points is known
   */
  boolean start(DeviceBuffer grey, Timestamp stamp, DepthHint depths, Se3 T_cam_odom) {
    clear();
    int known = keyframes.begin(grey, stamp, depths, T_cam_odom);
    atKeyframe.copyFrom(points);
    return known > MIN_KNOWN_DEPTHS;
  }

  /**
   * Begins anew at a picture of whose depth nothing is known but what was typical of depth so far.
   */
  void startBlind(DeviceBuffer grey, Timestamp stamp, Se3 T_cam_odom) {
    keyframes.restart(grey, stamp, T_cam_odom);
    atKeyframe.copyFrom(points);
  }

  /** Makes room for a keyframe, and takes over what a depth sensor saw in its picture. */
  void prepareKeyframe(Se3 T_cam_odom, DepthHint measured) {
    keyframes.makeRoom(refinement.noisePx());
    follower.dropUnconfirmed(points);
    measuredDepth.fuse(points, window, T_cam_odom, measured);
  }

  /** Whether the depth of enough points is known to hand the unit of length on. */
  boolean handsUnitOn() {
    return keyframes.knownDepths() >= MIN_KNOWN_DEPTHS;
  }

  /** Adds the picture that was prepared for as a keyframe. */
  void addKeyframe(DeviceBuffer grey, Timestamp stamp, DepthHint depths, Se3 T_cam_odom) {
    keyframes.insert(grey, stamp, depths, T_cam_odom);
  }

  /** Begins to refine all. Until {@link #settle} nothing here must be changed. */
  void refine(DepthHint measured, boolean isDepthKnown) {
    refinement.begin(window, points, measured, isDepthKnown);
  }

  /**
   * Takes over what {@link #refine} found, once it is there.
   *
   * @return whether there was anything
   */
  boolean settle() {
    boolean refined = refinement.finish(window, points);
    if (refined) {
      atKeyframe.copyFrom(points);
    }
    return refined;
  }

  /** Goes back to the points as the last keyframe saw them. */
  void backToKeyframe() {
    points.copyFrom(atKeyframe);
    follower.forgetMisses();
  }

  /** The first keyframe was taken before anything was known of its twist: it takes the next's. */
  void firstTwist(double[] twist) {
    if (window.size() == 1) {
      window.replaceTwist(0, twist);
    }
  }

  /** See {@link KeyframeKeeper#isDue}. */
  boolean isKeyframeDue(double parallaxShare, double confirmed) {
    return keyframes.isDue(parallaxShare, confirmed);
  }

  /** Parallax of the present picture against the last keyframe, a share of the picture's width. */
  double parallaxShare(Se3 T_cam_odom) {
    return apparent.parallaxShare(points, window.latest(), T_cam_odom);
  }

  /** Of the points when the last keyframe was made. */
  double typicalDepth() {
    return 1 / keyframes.typicalInverseDepth();
  }

  /** The keyframe taken at a time; empty once it has left. */
  Optional<Keyframe> keyframe(Timestamp stamp) {
    return window.keyframes().stream().filter(k -> k.stamp().equals(stamp)).findFirst();
  }

  /** {@code [3]} the way from the oldest keyframe alive to a pose, axes of the camera there. */
  double[] travel_cam(Se3 T_cam_odom) {
    if (window.size() == 0) {
      return new double[3];
    }
    Se3 T_cam_oldest = T_cam_odom.times(window.keyframes().get(0).T_cam_odom().inverse());
    return new double[] {-T_cam_oldest.tx(), -T_cam_oldest.ty(), -T_cam_oldest.tz()};
  }

  /** See {@link WindowRefinement#meanReadoutS}. */
  double readoutS() {
    return refinement.meanReadoutS();
  }

  /** See {@link WindowRefinement#knowReadout}. */
  void knowReadout(double readoutS) {
    refinement.knowReadout(readoutS);
  }

  void rescale(UnitChange change) {
    replacePoses(change::moved);
    for (int k = 0; k < window.size(); k++) {
      double[] twist = window.keyframes().get(k).twist();
      window.replaceTwist(k, RollingShutter.rescaled(twist, change.factor()));
    }
    past.rescale(change.factor(), change::moved);
    shutter.rescale(change.factor());
    points.rescale(change.factor());
    keyframes.rescale(change.factor());
    atKeyframe.rescale(change.factor());
  }

  /** Another odom, the cameras being where they were: every T_cam_odom changes. */
  void move(UnaryOperator<Se3> moving) {
    replacePoses(moving);
    past.move(moving);
  }

  private void replacePoses(UnaryOperator<Se3> moving) {
    for (int k = 0; k < window.size(); k++) {
      window.replacePose(k, moving.apply(window.keyframes().get(k).T_cam_odom()));
    }
  }

  @Override
  public void close() {
    refinement.close();
    follower.close();
  }
}
