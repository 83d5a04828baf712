package dev.parallax.perception.pipeline;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.perception.flow.OpticalFlow;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingFigures;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.inertial.Level;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.prior.BackgroundPrior;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The per-frame path: picture in; depth, motion, pose and map out. */
public final class FramePipeline implements PerceptionPipeline {
  /** A camera that seems to be tilted by more has an IMU with wrong axes beside it, more likely. */
  private static final double MAX_LEVELLED_DEGREES = 60;

  private final PerceptionKernels kernels;
  private final LongSupplier nanoClock;
  private final Consumer<Notice> notices;
  private final SessionFactory sessions;
  private final @Nullable BackgroundPrior network;
  private final FrameGate gate = new FrameGate();
  private final LossWatch losses;
  private final ForgottenBlocks forgotten = new ForgottenBlocks();
  private @Nullable CameraSession session;
  private @Nullable CameraFrame expected; // while the frame before it is processed
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
    this(config, kernels, null, nanoClock, notices);
  }

  /**
   * @param kernels used by this pipeline alone and not closed by it
   * @param network whose guess at the first picture depth begins with, and who tells metres if the
   *     scale is by the metric prior; null for none; closed with this
   * @param nanoClock a monotonic clock, nanoseconds
   * @param notices told what a person should know, each thing once
   * @throws IllegalArgumentException if the metric prior is one of the scale's sources and there is
   *     no network that tells metres
   */
  public FramePipeline(
      PipelineConfig config,
      PerceptionKernels kernels,
      @Nullable BackgroundPrior network,
      LongSupplier nanoClock,
      Consumer<Notice> notices) {
    boolean tellsMetres = network != null && network.metricRelativeStd().isPresent();
    if (config.scale().has(ScaleSource.METRIC_PRIOR) && !tellsMetres) {
      throw new IllegalArgumentException(
          "A scale by the metric prior wants a network that tells metres");
    }
    this.network = network;
    this.kernels = kernels;
    this.nanoClock = nanoClock;
    this.notices = notices;
    sessions = new SessionFactory(config, kernels, network, notices);
    losses = new LossWatch(notices);
  }

  @Override
  public void expect(CameraFrame next) {
    expected = next;
  }

  @Override
  public FrameOutcome process(CameraFrame frame) {
    try {
      return processed(frame);
    } finally {
      expected = null;
    }
  }

  private FrameOutcome processed(CameraFrame frame) {
    StageTimer timer = new StageTimer(nanoClock);
    if (session != null && gate.isTimeBegunAnew(frame, session.previousStamp())) {
      notices.accept(
          Notice.warning(
              "Time jumped back from %s s to %s s: begun anew, with an empty map"
                  .formatted(session.previousStamp(), frame.stamp())));
      reset();
    }
    if (session == null) {
      session = sessions.open(frame.calibration(), levelled(frame));
    }
    CameraSession live = session;
    Optional<FrameOutcome> refused = FrameGate.refuse(frame, live, timer);
    if (refused.isPresent()) {
      return refused.get();
    }
    try (BufferScope scope = kernels.openScope()) {
      FrameInWork work = FrameInWork.begin(frame, live, kernels, scope, timer);
      FrameOutcome outcome = live.previousStamp() == null ? first(work) : next(work);
      live.remember(work.grey(), frame.stamp());
      beginWithEstimated(live);
      return outcome;
    }
  }

  /**
   * Where the camera begins: where it was told to, with odom turned level where gravity is felt.
   */
  private Se3 levelled(CameraFrame frame) {
    InertialSamples samples = frame.inertial();
    Optional<Level> level =
        samples == null ? Optional.empty() : Level.of(samples, frame.stamp(), T_odom_first);
    if (level.isEmpty()) {
      return T_odom_first;
    }
    double turned = Math.toDegrees(level.get().turnedRad());
    if (turned > MAX_LEVELLED_DEGREES) {
      notices.accept(
          Notice.warning(
              Notice.Topic.IMU,
              String.format(
                  Locale.ROOT,
                  "Gravity would turn odom by %.0f degrees and is left out: the IMU's axes or its"
                      + " mounting are wrong, or the camera looks up or down",
                  turned)));
      return T_odom_first;
    }
    notices.accept(
        Notice.info(
            String.format(
                Locale.ROOT,
                "Odom is level by gravity: turned by %.1f degrees (std %.1f)",
                turned,
                Math.toDegrees(level.get().stdRad()))));
    return level.get().T_odom_cam();
  }

  /** A focal length was found: the next frame begins a session with it where this one stands. */
  private void beginWithEstimated(CameraSession live) {
    CameraCalibration estimated = live.estimated;
    if (estimated != null) {
      forgotten.empty(live.mapper);
      Se3 T_odom_cam = live.odometry.T_odom_cam();
      double[] covariance = live.odometry.covariance();
      live.close();
      CameraSession next = sessions.open(estimated, T_odom_cam);
      next.odometry.inherit(covariance);
      next.unit.resume(Double.NaN); // the path that is out stays as it is
      session = next;
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

  private FrameOutcome first(FrameInWork work) {
    work.start();
    Odometry odometry = work.live().odometry;
    Odometry.Track track =
        new Odometry.Track(
            odometry.T_odom_cam(),
            Se3.identity(),
            odometry.covariance(),
            null,
            1,
            false,
            TrackingFigures.none());
    return work.estimated(null, track, forgotten);
  }

  private FrameOutcome next(FrameInWork work) {
    CameraSession live = work.live();
    work.measureContrast();
    if (live.odometry.state() == TrackingState.LOST) {
      return work.isDark() ? dark(work) : recover(work);
    }
    OpticalFlow.Frame flow = work.flow();
    work.look(flow);
    work.workAhead(flow);
    if (expected != null) {
      kernels.uploadAhead(expected.picture().data());
    }
    // Not before: what the picture shows and where the points went cost one wait for both.
    if (work.isDark()) {
      return dark(work);
    }
    Optional<Odometry.Track> tracked = work.track();
    if (tracked.isPresent()) {
      return work.estimated(flow, tracked.get(), forgotten);
    }
    if (live.odometry.state() == TrackingState.INITIALIZING || live.isDepthGuessed()) {
      return startAgain(work, "too few points to begin with"); // no depth to come back to
    }
    if (live.odometry.isAfterGap()) {
      losses.lost(work.frame().stamp(), "what the picture before showed is not known again");
      return recover(work);
    }
    return lost(work, "too few points agree on one motion");
  }

  private FrameOutcome dark(FrameInWork work) {
    work.live().odometry.lose();
    losses.dark();
    return lost(work, "the picture shows nothing: darkness or a covered lens");
  }

  private FrameOutcome recover(FrameInWork work) {
    CameraSession live = work.live();
    Optional<Odometry.Track> found = work.recover();
    if (found.isPresent()) {
      losses.found(work.frame().stamp());
      live.forgetDepth();
      return work.estimated(null, found.get(), forgotten);
    }
    if (losses.givesUp(work.frame().stamp())) {
      return startAgain(work, "a new odom segment begins");
    }
    return lost(work, "not found again yet");
  }

  private FrameOutcome lost(FrameInWork work, String reason) {
    if (work.live().odometry.state() == TrackingState.INITIALIZING) {
      return work.skipped(Skipped.Reason.INITIALIZING, reason);
    }
    losses.lost(work.frame().stamp(), reason);
    return work.lost(reason);
  }

  /** Begins anew at this picture: the pose goes on from the last one known, depth is forgotten. */
  private FrameOutcome startAgain(FrameInWork work, String reason) {
    CameraSession live = work.live();
    live.forgetDepth();
    live.unit.forget();
    live.mapFrame.breakSegment();
    losses.forget();
    work.start();
    return work.skipped(Skipped.Reason.INITIALIZING, reason);
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
      session = null;
    }
    if (network != null) {
      network.close();
    }
  }
}
