package dev.parallax.perception.pipeline;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.flow.OpticalFlow;
import dev.parallax.perception.flow.ReferenceFlow;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingFigures;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.odometry.DepthHint;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import dev.parallax.perception.sceneflow.SceneFlowEstimator;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The per-frame path: picture in; depth, motion, pose and map out. */
public final class FramePipeline implements PerceptionPipeline {
  /** Less spread of grey levels than this is a covered lens or the dark, not a picture. */
  private static final double MIN_CONTRAST_GREY = 4;

  private final PipelineConfig config;
  private final PerceptionKernels kernels;
  private final LongSupplier nanoClock;
  private final Consumer<Notice> notices;
  private final SessionFactory sessions;
  private final FrameGate gate = new FrameGate();
  private final LossWatch losses;
  private final ForgottenBlocks forgotten = new ForgottenBlocks();
  private @Nullable CameraSession session;
  private Se3 T_odom_first = CameraSession.T_FLU_OPTICAL;

  /**
   * @param kernels used by this pipeline alone and not closed by it
   * @param nanoClock a monotonic clock, nanoseconds
   * @param notices told what a person should know, each thing once
   */
  public FramePipeline(
      PipelineConfig config,
      PerceptionKernels kernels,
      LongSupplier nanoClock,
      Consumer<Notice> notices) {
    this.config = config;
    this.kernels = kernels;
    this.nanoClock = nanoClock;
    this.notices = notices;
    sessions = new SessionFactory(config, kernels, notices);
    losses = new LossWatch(notices);
  }

  @Override
  public FrameOutcome process(CameraFrame frame) {
    StageTimer timer = new StageTimer(nanoClock);
    if (session != null && gate.isTimeBegunAnew(frame, session.previousStamp())) {
      notices.accept(
          Notice.warning(
              "Time jumped back from %s s to %s s: begun anew, with an empty map"
                  .formatted(session.previousStamp(), frame.stamp())));
      reset();
    }
    if (session == null) {
      session = sessions.open(frame.calibration(), T_odom_first);
    }
    CameraSession live = session;
    Optional<FrameOutcome> refused = FrameGate.refuse(frame, live, timer);
    if (refused.isPresent()) {
      return refused.get();
    }
    try (BufferScope scope = kernels.openScope()) {
      Preprocessor.Prepared picture = live.preprocessor.prepare(scope, frame.picture());
      timer.finished(Stage.PREPROCESS);
      FrameOutcome outcome =
          live.previousStamp() == null
              ? first(frame, live, scope, picture, timer)
              : next(frame, live, scope, picture, timer);
      live.remember(picture.grey(), frame.stamp());
      return outcome;
    }
  }

  @Override
  public Optional<SessionState> snapshot() {
    return session == null ? Optional.empty() : SessionFactory.snapshot(session);
  }

  @Override
  public void resume(SessionState state) {
    if (session != null) {
      throw new IllegalStateException("A session that has begun cannot go on from another's state");
    }
    session = sessions.resume(state);
  }

  @Override
  public void reset() {
    if (session != null) {
      forgotten.empty(session.mapper);
      session.close();
      session = null;
    }
    losses.forget();
    T_odom_first = CameraSession.T_FLU_OPTICAL;
  }

  @Override
  public void setPose(Se3 T_odom_cam) {
    if (!T_odom_cam.isFinite()) {
      throw new IllegalArgumentException("A pose must be finite, got " + T_odom_cam);
    }
    T_odom_first = T_odom_cam;
    if (session != null) {
      // What was mapped lies in the odom of before.
      forgotten.empty(session.mapper);
      session.odometry.setPose(T_odom_cam);
    }
  }

  @Override
  public void restoreMap(OccupancyDelta map) {
    CameraSession live = session;
    if (live == null) {
      throw new IllegalStateException("There is no session to give a map to");
    }
    live.mapper.restore(map);
  }

  private FrameOutcome first(
      CameraFrame frame,
      CameraSession live,
      BufferScope scope,
      Preprocessor.Prepared picture,
      StageTimer timer) {
    begin(frame, live, scope, picture);
    timer.finished(Stage.POSE);
    Odometry.Track track =
        new Odometry.Track(
            live.odometry.T_odom_cam(),
            Se3.identity(),
            live.odometry.covariance(),
            1,
            false,
            TrackingFigures.none());
    return publish(frame, live, scope, picture, null, track, 0, timer);
  }

  private FrameOutcome next(
      CameraFrame frame,
      CameraSession live,
      BufferScope scope,
      Preprocessor.Prepared picture,
      StageTimer timer) {
    if (kernels.images().meanAndStd(picture.grey())[1] < MIN_CONTRAST_GREY) {
      live.odometry.lose();
      losses.dark();
      return lost(frame, live, "the picture shows nothing: darkness or a covered lens", timer);
    }
    if (live.odometry.state() == TrackingState.LOST) {
      return recover(frame, live, scope, picture, timer);
    }
    OpticalFlow.Frame flow = live.opticalFlow.estimate(scope, picture.grey(), live.previousGrey());
    timer.finished(Stage.FLOW);
    Optional<Odometry.Track> tracked = live.odometry.track(picture.grey(), flow.forward());
    timer.finished(Stage.POSE);
    if (tracked.isPresent()) {
      return publish(
          frame, live, scope, picture, flow, tracked.get(), live.intervalS(frame), timer);
    }
    if (live.odometry.state() == TrackingState.INITIALIZING) {
      return startAgain(frame, live, scope, picture, "too few points to begin with", timer);
    }
    return lost(frame, live, "too few points agree on one motion", timer);
  }

  private FrameOutcome recover(
      CameraFrame frame,
      CameraSession live,
      BufferScope scope,
      Preprocessor.Prepared picture,
      StageTimer timer) {
    OpticalFlow.Frame flow =
        live.opticalFlow.estimate(scope, live.odometry.keyframeGrey(), picture.grey());
    timer.finished(Stage.FLOW);
    Optional<Odometry.Track> found =
        live.odometry.recover(picture.grey(), flow.backward(), flow.inconsistency());
    timer.finished(Stage.POSE);
    if (found.isPresent()) {
      losses.found(frame.stamp());
      live.depthFilter.forget();
      live.references.forget();
      return publish(frame, live, scope, picture, null, found.get(), 0, timer);
    }
    if (losses.givesUp(frame.stamp())) {
      return startAgain(frame, live, scope, picture, "a new odom segment begins", timer);
    }
    return lost(frame, live, "not found again yet", timer);
  }

  private FrameOutcome lost(
      CameraFrame frame, CameraSession live, String reason, StageTimer timer) {
    if (live.odometry.state() == TrackingState.INITIALIZING) {
      return new Skipped(
          frame.id(), frame.stamp(), Skipped.Reason.INITIALIZING, reason, timer.stop());
    }
    losses.lost(frame.stamp(), reason);
    return new Lost(frame.id(), frame.stamp(), TrackingState.LOST, reason, timer.stop());
  }

  /** Begins anew at this picture: the pose goes on from the last one known, depth is forgotten. */
  private FrameOutcome startAgain(
      CameraFrame frame,
      CameraSession live,
      BufferScope scope,
      Preprocessor.Prepared picture,
      String reason,
      StageTimer timer) {
    live.depthFilter.forget();
    live.references.forget();
    live.unit.forget();
    live.mapFrame.breakSegment();
    losses.forget();
    begin(frame, live, scope, picture);
    return new Skipped(
        frame.id(), frame.stamp(), Skipped.Reason.INITIALIZING, reason, timer.stop());
  }

  private void begin(
      CameraFrame frame, CameraSession live, BufferScope scope, Preprocessor.Prepared picture) {
    fuseSensorDepth(frame, live, scope);
    live.depthFilter.download();
    live.odometry.start(picture.grey(), frame.stamp(), hint(live));
    live.references.add(picture.grey(), frame.stamp());
  }

  private FrameOutcome publish(
      CameraFrame frame,
      CameraSession live,
      BufferScope scope,
      Preprocessor.Prepared picture,
      OpticalFlow.@Nullable Frame flow,
      Odometry.Track found,
      double intervalS,
      StageTimer timer) {
    Odometry.Track track = found;
    DeviceBuffer residual = scope.f32(live.grid.shape().withChannels(3));
    boolean tracking = live.odometry.state() == TrackingState.TRACKING;
    DepthHint measured = DepthHint.NONE;
    if (flow != null) {
      live.references.advance(flow, track.figures().parallaxShare());
      ReferenceFlow reference = live.references.active();
      if (tracking && reference != null) {
        reference.match(picture.grey());
        timer.finished(Stage.FLOW);
      }
      if (tracking) {
        live.depthFilter.carry(picture.grey(), flow.forward(), track.T_cur_prev());
        live.depthFilter.testMotion(
            picture.grey(),
            live.previousGrey(),
            flow.backward(),
            flow.inconsistency(),
            track.T_cur_prev().inverse(),
            residual);
        live.depthFilter.measure(
            flow.backward(), flow.inconsistency(), track.T_cur_prev().inverse());
        if (reference != null) {
          Optional<Se3> T_odom_ref = live.odometry.keyframeT_odom_cam(reference.stamp());
          if (T_odom_ref.isPresent()) {
            live.depthFilter.measure(
                reference.flow(),
                reference.inconsistency(),
                T_odom_ref.get().inverse().times(track.T_odom_cam()));
          }
        }
        measured = fuseSensorDepth(frame, live, scope);
        timer.finished(Stage.DEPTH);
      }
      track = live.unit.settle(found);
    }
    DeviceBuffer depth = scope.f32(live.grid.shape());
    DeviceBuffer std = scope.f32(live.grid.shape());
    live.depthFilter.publish(depth, std);
    DepthMap depthMap =
        new DepthMap(
            live.grid.width(),
            live.grid.height(),
            new float[live.grid.shape().pixels()],
            new float[live.grid.shape().pixels()]);
    kernels.download(depth, depthMap.depthM());
    kernels.download(std, depthMap.stdM());
    timer.finished(Stage.DEPTH);
    SceneFlowEstimator.Result motion =
        flow != null && tracking
            ? live.sceneFlow.estimate(
                scope,
                flow.backward(),
                residual,
                live.depthFilter.previous(),
                live.depthFilter.current(),
                track.T_cur_prev(),
                intervalS)
            : live.sceneFlow.unknown();
    timer.finished(Stage.SCENE_FLOW);
    // What is integrated stays: it has to be in the unit that was asked for.
    OccupancyDelta delta =
        live.unit.isSettled()
            ? live.mapper.integrate(
                live.depthCamera,
                depthMap.depthM(),
                depthMap.stdM(),
                motion.mask().labels(),
                track.T_odom_cam())
            : live.mapper.unchanged();
    timer.finished(Stage.MAP);
    if (track.wantsKeyframe()) {
      live.depthFilter.download();
      live.odometry.addKeyframe(picture.grey(), frame.stamp(), hint(live), measured);
      live.references.add(picture.grey(), frame.stamp());
      timer.finished(Stage.POSE);
    }
    PoseEstimate pose =
        new PoseEstimate(
            frame.stamp(),
            track.T_odom_cam(),
            track.withScaleStd(live.unit.scaleStd()).covariance(),
            track.inlierShare(),
            live.odometry.state(),
            live.unit.source(),
            track.figures());
    Se3 T_map_odom = live.mapFrame.advance(picture.grey(), depthMap, pose);
    timer.finished(Stage.LOOP);
    return new Estimated(
        frame.id(),
        frame.stamp(),
        live.camera,
        live.depthCamera,
        picture.rectified(),
        pose,
        depthMap,
        motion.velocity(),
        motion.mask(),
        forgotten.joinedWith(delta),
        T_map_odom,
        timer.stop());
  }

  private static DepthHint hint(CameraSession live) {
    return live.depthFilter::at;
  }

  /** Fuses what a depth sensor saw in this frame, where that is wanted, and answers it. */
  private DepthHint fuseSensorDepth(CameraFrame frame, CameraSession live, BufferScope scope) {
    DepthMap wanted =
        config.scale().source() == ScaleSource.SENSOR_DEPTH ? frame.sensorDepth() : null;
    if (wanted == null) {
      return DepthHint.NONE;
    }
    live.sensorDepth.sample(wanted);
    DeviceBuffer depth = scope.f32(live.grid.shape());
    DeviceBuffer std = scope.f32(live.grid.shape());
    kernels.upload(live.sensorDepth.depthM, depth);
    kernels.upload(live.sensorDepth.stdM, std);
    live.depthFilter.fuse(depth, std);
    return live.sensorDepth::at;
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
