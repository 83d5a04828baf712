package dev.parallax.perception.pipeline;

import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.depth.GroundPlane;
import dev.parallax.perception.depth.ScaleEstimator;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the unit of length of a session's odometry and depth, and says where it comes from. Agent
 * thread only.
 */
final class UnitOfLength {
  /** Frames after which a person is told that no ground was found. */
  private static final int PATIENCE_FRAMES = 60;

  private final ScaleConfig config;
  private final Odometry odometry;
  private final DepthFilter depth;
  private final Consumer<Notice> notices;
  private final @Nullable ScaleEstimator estimator;
  private int framesWithout;
  private boolean relativePublished;
  private boolean announced;

  UnitOfLength(ScaleConfig config, Odometry odometry, DepthFilter depth, Consumer<Notice> notices) {
    this.config = config;
    this.odometry = odometry;
    this.depth = depth;
    this.notices = notices;
    boolean byHeight = config.source() == ScaleSource.CAMERA_HEIGHT;
    estimator = byHeight ? new ScaleEstimator(config.cameraHeightM()) : null;
    notices.accept(
        Notice.info(
            byHeight
                ? "Scale: relative until the ground is found (camera height %.2f m given)"
                    .formatted(config.cameraHeightM())
                : "Scale: " + config.source().label()));
  }

  /** Where the unit of length comes from now. */
  ScaleSource source() {
    return isSettled() ? config.source() : ScaleSource.RELATIVE;
  }

  /** Whether lengths are already in the unit that was asked for, so that a map may be kept. */
  boolean isSettled() {
    return estimator == null || estimator.isKnown();
  }

  /** How unsure the metric scale is, relative; NaN where the unit is not found from the ground. */
  double scaleStd() {
    return estimator == null ? Double.NaN : estimator.relativeStd();
  }

  /** Goes on with lengths that are already metres; NaN leaves them to be found. */
  void resume(double scaleStd) {
    if (estimator != null && !Double.isNaN(scaleStd)) {
      estimator.resume(scaleStd);
    }
    relativePublished = true; // by the session before: the path that is out stays as it is
  }

  /** The session begins anew with depth of an unknown unit. */
  void forget() {
    if (estimator != null) {
      relativePublished |= estimator.isKnown();
      estimator.forget();
      framesWithout = 0;
    }
  }

  /**
   * Looks at the ground and brings odometry and depth to metres. Call for every frame once its
   * depth is measured and before anything of it is published.
   *
   * @return the track in the unit that now holds
   */
  Odometry.Track settle(Odometry.Track track) {
    if (estimator == null) {
      return track;
    }
    boolean wasKnown = estimator.isKnown();
    if (wasKnown && !track.wantsKeyframe()) {
      return track;
    }
    OptionalDouble factor = OptionalDouble.empty();
    if (odometry.state() == TrackingState.TRACKING) {
      depth.download();
      Optional<GroundPlane> ground = depth.ground(odometry.travel_cam());
      factor = ground.isPresent() ? estimator.observe(ground.get()) : factor;
    }
    if (factor.isEmpty()) {
      boolean isFirst = !wasKnown && !relativePublished;
      waitForGround(wasKnown);
      return isFirst && relativePublished ? guess(track) : track;
    }
    announce();
    // While nothing but the unscaled beginning is out, the whole path can still become metric;
    // later the camera must not jump.
    double[] fixed_odom =
        wasKnown || relativePublished ? track.T_odom_cam().translation() : new double[3];
    depth.rescale(factor.getAsDouble());
    return odometry.rescale(track, factor.getAsDouble(), fixed_odom);
  }

  /**
   * Any unit will do for lengths that are relative, so the first is chosen near the metre: when the
   * ground is sure later, the path before and behind that moment are of about one scale.
   */
  private Odometry.Track guess(Odometry.Track track) {
    OptionalDouble height = depth.guessCameraHeight(odometry.travel_cam());
    if (height.isEmpty()) {
      return track;
    }
    double factor = config.cameraHeightM() / height.getAsDouble();
    depth.rescale(factor);
    return odometry.rescale(track, factor, new double[3]);
  }

  private void announce() {
    if (!announced && estimator != null) {
      announced = true;
      notices.accept(
          Notice.info(
              "Scale: camera height (%.2f m over the fitted ground, std %.1f %%)"
                  .formatted(config.cameraHeightM(), 100 * estimator.relativeStd())));
    }
  }

  private void waitForGround(boolean wasKnown) {
    if (wasKnown) {
      return;
    }
    relativePublished |= odometry.state() == TrackingState.TRACKING;
    if (++framesWithout == PATIENCE_FRAMES && !announced) {
      notices.accept(
          Notice.warning(
              ("No ground plane found in %d frames; lengths stay relative and the map empty; point"
                      + " the camera so that the ground is seen, or leave out the camera height")
                  .formatted(PATIENCE_FRAMES)));
    }
  }
}
