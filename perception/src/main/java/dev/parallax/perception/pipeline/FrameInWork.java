package dev.parallax.perception.pipeline;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.flow.OpticalFlow;
import dev.parallax.perception.flow.ReferenceFlow;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraMotion;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.odometry.DepthHint;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import dev.parallax.perception.sceneflow.SceneFlowEstimator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One frame on its way through the stages of its session, and the time each takes. Its buffers are
 * those of the scope it was begun with.
 */
final class FrameInWork {
  /** Less spread of grey levels than this is a covered lens or the dark, not a picture. */
  private static final double MIN_CONTRAST_GREY = 4;

  private final CameraFrame frame;
  private final CameraSession live;
  private final PerceptionKernels kernels;
  private final BufferScope scope;
  private final StageTimer timer;
  private final Preprocessor.Prepared picture;
  private final float[] meanAndStdGrey = new float[2];
  private boolean isAhead;
  private @Nullable ReferenceFlow matched; // ahead of the pose

  private FrameInWork(
      CameraFrame frame,
      CameraSession live,
      PerceptionKernels kernels,
      BufferScope scope,
      StageTimer timer,
      Preprocessor.Prepared picture) {
    this.frame = frame;
    this.live = live;
    this.kernels = kernels;
    this.scope = scope;
    this.timer = timer;
    this.picture = picture;
  }

  /** Prepares the frame's picture. */
  static FrameInWork begin(
      CameraFrame frame,
      CameraSession live,
      PerceptionKernels kernels,
      BufferScope scope,
      StageTimer timer) {
    Preprocessor.Prepared picture = live.preprocessor.prepare(scope, frame.picture());
    live.rectified = picture.rectified();
    live.inertial.begin(frame, live.previousStamp());
    timer.finished(Stage.PREPROCESS);
    return new FrameInWork(frame, live, kernels, scope, timer, picture);
  }

  CameraFrame frame() {
    return frame;
  }

  CameraSession live() {
    return live;
  }

  /** {@code [H W 1]} U8. */
  DeviceBuffer grey() {
    return picture.grey();
  }

  /** Begins odometry and depth at this picture. */
  void start() {
    fuseSensorDepth();
    if (live.firstLook != null) {
      kernels.finishFetches(); // the picture
      live.firstLook.begin(picture.rectified(), frame.stamp());
      live.firstLook.depth(frame.stamp(), live.odometry.typicalDepth()).ifPresent(this::fuse);
    }
    beginDepth();
  }

  private void beginDepth() {
    live.depthFilter.download();
    live.odometry.start(grey(), frame.stamp(), live.depthFilter::at);
    live.references.add(grey(), frame.stamp());
    timer.finished(Stage.POSE);
  }

  /** Begins to look at how much the picture shows, for {@link #isDark}. */
  void measureContrast() {
    DeviceBuffer both = scope.f32(new Shape(1, 1, 2));
    kernels.images().meanAndStd(grey(), both);
    kernels.fetch(both, meanAndStdGrey);
  }

  /** Whether the picture that {@link #measureContrast} looked at shows nothing. */
  boolean isDark() {
    kernels.finishFetches();
    return meanAndStdGrey[1] < MIN_CONTRAST_GREY;
  }

  /** Begins to look for the points by dense flow to the picture before. */
  void look(OpticalFlow.Frame flow) {
    live.odometry.look(grey(), flow.forward());
  }

  /**
   * Asks for what does not depend on the pose, so that a device that works ahead does it while the
   * host solves for the pose. In vain, and without a trace, if the pose is not found: the
   * references are forgotten then; or if another one takes over, in the frame after a keyframe.
   */
  void workAhead(OpticalFlow.Frame flow) {
    if (!kernels.worksAhead() || live.odometry.state() != TrackingState.TRACKING) {
      return;
    }
    isAhead = true;
    live.references.chain(flow);
    matched = live.references.likely();
    if (matched != null) {
      matched.match(grey());
    }
    live.depthFilter.readNoise(grey());
  }

  /** Finds the pose from the points that were looked for. */
  Optional<Odometry.Track> track() {
    if (live.lens != null) {
      live.lens.next(live.odometry);
    }
    if (live.firstLook != null && live.odometry.state() == TrackingState.INITIALIZING) {
      live.firstLook.tell(live.odometry);
    }
    Optional<Odometry.Track> track =
        live.odometry.track(frame.stamp(), live.intervalS(frame), live.inertial.turn());
    track.ifPresent(found -> live.inertial.found(found, live.odometry.state()));
    timer.finished(Stage.POSE);
    return track;
  }

  /** Dense flow to the picture before and back. */
  OpticalFlow.Frame flow() {
    OpticalFlow.Frame flow =
        live.opticalFlow.estimate(scope, grey(), live.previousGrey(), expectedFlow());
    timer.finished(Stage.FLOW);
    return flow;
  }

  private float @Nullable [] expectedFlow() {
    TurnPrediction turn = live.inertial.turn();
    LastStep step = live.lastStep;
    live.lastStep = null;
    if (step != null) {
      return live.expectedFlow.of(step.depthM(), step.next(live.intervalS(frame), turn));
    }
    return turn == null ? null : live.expectedFlow.of(null, turn.R_cur_prev());
  }

  /** Looks for the camera again after a loss. */
  Optional<Odometry.Track> recover() {
    OpticalFlow.Frame flow = live.opticalFlow.estimate(scope, live.odometry.keyframeGrey(), grey());
    timer.finished(Stage.FLOW);
    Optional<Odometry.Track> found =
        live.odometry.recover(frame.stamp(), grey(), flow.backward(), flow.inconsistency());
    timer.finished(Stage.POSE);
    return found;
  }

  FrameOutcome skipped(Skipped.Reason reason, String detail) {
    return new Skipped(frame.id(), frame.stamp(), reason, detail, timer.stop());
  }

  FrameOutcome lost(String reason) {
    return new Lost(frame.id(), frame.stamp(), TrackingState.LOST, reason, timer.stop());
  }

  /**
   * Depth, motion and map of a frame whose pose was found.
   *
   * @param flow to the picture before; null where there is none that the depth could follow
   */
  FrameOutcome estimated(
      OpticalFlow.@Nullable Frame flow, Odometry.Track found, ForgottenBlocks forgotten) {
    DeviceBuffer residual = scope.f32(live.grid.shape().withChannels(3));
    boolean tracking = live.odometry.state() == TrackingState.TRACKING;
    OpticalFlow.Frame followed = tracking ? flow : null;
    DepthHint measured = DepthHint.NONE;
    Odometry.Track track = found;
    if (flow != null) {
      if (!isAhead) {
        live.references.chain(flow);
      }
      live.references.choose(track.figures().parallaxShare());
      measured = tracking ? measureDepth(flow, track, residual) : measured;
      track = live.unit.settle(track, frame);
    } else {
      live.unit.begin(track, frame);
    }
    DeviceBuffer depthM = scope.f32(live.grid.shape());
    DeviceBuffer stdM = scope.f32(live.grid.shape());
    live.depthFilter.publish(depthM, stdM);
    timer.finished(Stage.DEPTH);
    SceneFlowEstimator.Result motion = motion(followed, residual, track);
    float[] seenM = new float[live.grid.shape().pixels()];
    if (followed != null) {
      kernels.fetch(depthM, seenM);
      live.movers.advance(track.T_cur_prev(), depthM, stdM, motion.labels());
    }
    DepthMap depth = fetch(depthM, stdM);
    live.sceneFlow.fetch(motion);
    timer.finished(Stage.SCENE_FLOW);
    if (followed != null) {
      live.movers.ask(followed); // before the map, so that one wait does for all results
    }
    OccupancyDelta delta = map(depthM, stdM, motion.labels(), track);
    kernels.finishFetches();
    followMovers(followed, track, depth, motion);
    live.baselineDoubt.widen(depth, live.unit.scaleStd());
    if (!beginsWithFirstLook() && track.wantsKeyframe()) {
      addKeyframe(measured);
      if (live.firstLook != null) {
        live.firstLook.keyframe(track.figures().parallaxShare());
      }
    }
    if (followed != null) {
      live.lastStep = new LastStep(seenM, track.T_cur_prev(), live.intervalS(frame));
    }
    PoseEstimate pose = pose(track);
    Se3 T_map_odom = live.mapFrame.advance(grey(), depth, pose);
    timer.finished(Stage.LOOP);
    return new Estimated(
        frame.id(),
        frame.stamp(),
        live.camera,
        live.depthCamera,
        picture.rectified(),
        pose,
        depth,
        motion.velocity(),
        motion.mask(),
        forgotten.joinedWith(delta),
        T_map_odom,
        timer.stop());
  }

  /**
   * Carries depth here, tells what moves, and measures against the picture before, the reference
   * and the sensor.
   *
   * @return what the sensor measured
   */
  private DepthHint measureDepth(
      OpticalFlow.Frame flow, Odometry.Track track, DeviceBuffer residual) {
    ReferenceFlow reference = live.references.active();
    if (reference != null && reference != matched) {
      reference.match(grey());
      timer.finished(Stage.FLOW);
    }
    if (!isAhead) {
      live.depthFilter.readNoise(grey());
    }
    Se3 T_prev_cur = track.T_cur_prev().inverse();
    live.depthFilter.carry(flow.forward(), track.T_cur_prev());
    live.depthFilter.testMotion(
        grey(), live.previousGrey(), flow.backward(), flow.inconsistency(), T_prev_cur, residual);
    live.depthFilter.measure(flow.backward(), flow.inconsistency(), T_prev_cur);
    if (reference != null) {
      Optional<Se3> T_odom_ref = live.odometry.keyframeT_odom_cam(reference.stamp());
      if (T_odom_ref.isPresent()) {
        Se3 T_ref_cur = T_odom_ref.get().inverse().times(track.T_odom_cam());
        live.depthFilter.measureReference(reference.flow(), reference.inconsistency(), T_ref_cur);
        if (!live.fusesSensorDepth) {
          live.depthFilter.compare(grey(), reference.grey(), T_ref_cur);
        }
        doubtBaseline(reference.stamp(), T_odom_ref.get());
      }
    }
    DepthHint measured = fuseSensorDepth();
    timer.finished(Stage.DEPTH);
    return measured;
  }

  /** A sensor's depth rests on no baseline, and one in the same place measures nothing. */
  private void doubtBaseline(Timestamp reference, Se3 T_odom_ref) {
    double relativeStd = live.odometry.relativeStdOfWayFrom(T_odom_ref);
    if (!live.fusesSensorDepth && !Double.isNaN(relativeStd)) {
      live.baselineDoubt.measured(reference, relativeStd);
    }
  }

  /** Fuses what a depth sensor saw in this frame, where that is wanted, and answers it. */
  private DepthHint fuseSensorDepth() {
    DepthMap wanted = live.fusesSensorDepth ? frame.sensorDepth() : null;
    if (wanted == null) {
      return DepthHint.NONE;
    }
    live.sensorDepth.sample(wanted);
    fuse(live.sensorDepth.depthM, live.sensorDepth.stdM);
    return live.sensorDepth::at;
  }

  /** Where nothing is believed of depth, believes a guess. */
  private void fuse(DepthMap guess) {
    fuse(guess.depthM(), live.depthFilter.asFlowPromises(guess.stdM()));
  }

  private void fuse(float[] depthM, float[] stdM) {
    DeviceBuffer depth = scope.f32(live.grid.shape());
    DeviceBuffer std = scope.f32(live.grid.shape());
    kernels.upload(depthM, depth);
    kernels.upload(stdM, std);
    live.depthFilter.fuse(depth, std);
  }

  /**
   * Begins depth anew at this picture with what a network saw in the one that odometry began with,
   * if depth is still awaited and that has become known meanwhile.
   */
  private boolean beginsWithFirstLook() {
    ReferenceFlow first = live.references.active();
    if (live.firstLook == null
        || first == null
        || live.odometry.state() != TrackingState.INITIALIZING) {
      return false;
    }
    Optional<DepthMap> seen = live.firstLook.depth(first.stamp(), live.odometry.typicalDepth());
    if (seen.isEmpty()) {
      return false;
    }
    float[] toFirst = new float[2 * live.grid.shape().pixels()];
    kernels.download(first.flow(), toFirst);
    live.forgetDepth();
    fuse(FirstLook.moved(seen.get(), toFirst));
    beginDepth();
    return true;
  }

  /** On the host once the fetches are finished. */
  private DepthMap fetch(DeviceBuffer depth, DeviceBuffer std) {
    int pixels = live.grid.shape().pixels();
    DepthMap map =
        new DepthMap(live.grid.width(), live.grid.height(), new float[pixels], new float[pixels]);
    kernels.fetch(depth, map.depthM());
    kernels.fetch(std, map.stdM());
    return map;
  }

  private SceneFlowEstimator.Result motion(
      OpticalFlow.@Nullable Frame flow, DeviceBuffer residual, Odometry.Track track) {
    return flow == null
        ? live.sceneFlow.unknown(scope)
        : live.sceneFlow.estimate(
            scope,
            flow.backward(),
            residual,
            live.depthFilter.previous(),
            live.depthFilter.current(),
            track.T_cur_prev(),
            live.intervalS(frame));
  }

  /** Depth and velocity of what moves. */
  private void followMovers(
      OpticalFlow.@Nullable Frame flow,
      Odometry.Track track,
      DepthMap depth,
      SceneFlowEstimator.Result motion) {
    if (flow == null) {
      live.movers.forget();
    } else {
      live.movers.follow(
          picture.rectified(), track.T_cur_prev(), live.intervalS(frame), depth, motion);
    }
    timer.finished(Stage.SCENE_FLOW);
  }

  private OccupancyDelta map(
      DeviceBuffer depthM, DeviceBuffer stdM, DeviceBuffer labels, Odometry.Track track) {
    // What is integrated stays: it has to be in the unit that was asked for.
    OccupancyDelta delta =
        live.unit.isSettled()
            ? live.mapper.integrate(live.depthCamera, depthM, stdM, labels, track.T_odom_cam())
            : live.mapper.unchanged();
    timer.finished(Stage.MAP);
    return delta;
  }

  private void addKeyframe(DepthHint measured) {
    live.depthFilter.download();
    boolean tracking = live.odometry.state() == TrackingState.TRACKING;
    live.odometry.addKeyframe(grey(), frame.stamp(), live.depthFilter::at, measured);
    if (tracking && live.odometry.state() == TrackingState.INITIALIZING) {
      live.loseUnit(frame.stamp());
    }
    if (live.firstLook != null && live.odometry.state() == TrackingState.INITIALIZING) {
      live.firstLook.begin(picture.rectified(), frame.stamp());
    }
    live.references.add(grey(), frame.stamp());
    if (live.focal != null && live.odometry.state() == TrackingState.TRACKING) {
      live.estimated = live.focal.look(live.odometry::focalViews);
    }
    if (live.lens != null && live.odometry.state() == TrackingState.TRACKING) {
      live.lens.look(live.odometry);
    }
    timer.finished(Stage.POSE);
  }

  private Optional<CameraMotion> motion(Odometry.Track track) {
    double intervalS = live.intervalS(frame);
    return Optional.ofNullable(track.motionCovariance())
        .filter(c -> intervalS > 0)
        .map(c -> new CameraMotion(track.T_cur_prev().inverse(), intervalS, c));
  }

  private PoseEstimate pose(Odometry.Track track) {
    Odometry.Track inUnit = track.withScaleStd(live.unit.scaleStd());
    return new PoseEstimate(
        frame.stamp(),
        track.T_odom_cam(),
        inUnit.covariance(),
        motion(inUnit),
        track.inlierShare(),
        live.odometry.state(),
        live.unit.source(),
        live.unit.figures(),
        track.figures());
  }
}
