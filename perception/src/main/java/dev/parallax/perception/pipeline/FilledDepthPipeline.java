package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import dev.parallax.perception.prior.DepthFiller;
import dev.parallax.perception.prior.PriorException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Another pipeline, the holes of whose published depth a network fills. Poses, motion and map are
 * the other pipeline's own: a guess never enters them. Owns both.
 */
public final class FilledDepthPipeline implements PerceptionPipeline {
  private final PerceptionPipeline measuring;
  private final DepthFiller filler;
  private final LongSupplier nanoClock;
  private final Consumer<Notice> notices;
  private boolean looked;
  private boolean failed;

  /**
   * @param nanoClock for timings
   * @param notices told once if the network fails; depth is then published as measured
   */
  public FilledDepthPipeline(
      PerceptionPipeline measuring,
      DepthFiller filler,
      LongSupplier nanoClock,
      Consumer<Notice> notices) {
    this.measuring = measuring;
    this.filler = filler;
    this.nanoClock = nanoClock;
    this.notices = notices;
    notices.accept(
        Notice.info(
            "holes of the depth are filled by %s, by %s"
                .formatted(filler.name(), filler.engine())));
  }

  @Override
  public FrameOutcome process(CameraFrame frame) {
    FrameOutcome outcome = measuring.process(frame);
    if (outcome instanceof Lost) {
      filler.forget();
    }
    if (!(outcome instanceof Estimated estimated)) {
      return outcome;
    }
    if (!looked) {
      looked = true;
      filler.unsuited(estimated.camera()).ifPresent(this::giveUp);
    }
    return failed ? outcome : filled(estimated);
  }

  private void giveUp(String why) {
    failed = true;
    notices.accept(
        Notice.warning("%s: depth is published as measured from here on".formatted(why)));
  }

  private FrameOutcome filled(Estimated o) {
    long startNs = nanoClock.getAsLong();
    try {
      DepthMap depth = filler.fill(seen(o));
      StageTimings timings = o.timings().longerBy(Stage.DEPTH, nanoClock.getAsLong() - startNs);
      return new Estimated(
          o.id(),
          o.stamp(),
          o.camera(),
          o.depthCamera(),
          o.rectified(),
          o.pose(),
          depth,
          o.sceneFlow(),
          o.movingMask(),
          o.map(),
          o.T_map_odom(),
          timings);
    } catch (PriorException e) {
      giveUp("%s failed (%s)".formatted(filler.name(), e.getMessage()));
      return o;
    }
  }

  private static DepthFiller.Seen seen(Estimated o) {
    return new DepthFiller.Seen(
        o.stamp(),
        o.rectified(),
        o.camera(),
        o.depthCamera(),
        o.depth(),
        o.pose().motion().map(motion -> motion.T_prev_cur().inverse()));
  }

  @Override
  public void expect(CameraFrame next) {
    measuring.expect(next);
  }

  @Override
  public Optional<SessionState> snapshot() {
    return measuring.snapshot();
  }

  @Override
  public void resume(SessionState state) {
    measuring.resume(state);
  }

  @Override
  public void restoreMap(OccupancyDelta map) {
    measuring.restoreMap(map);
  }

  @Override
  public void reset() {
    measuring.reset();
    filler.forget();
  }

  @Override
  public void setPose(Se3 T_odom_cam) {
    measuring.setPose(T_odom_cam);
  }

  @Override
  public void close() {
    try (filler) {
      measuring.close();
    }
  }
}
