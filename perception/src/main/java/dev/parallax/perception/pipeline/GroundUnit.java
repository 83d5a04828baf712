package dev.parallax.perception.pipeline;

import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.depth.GroundPlane;
import dev.parallax.perception.depth.ScaleEstimator;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.odometry.Odometry;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** Metres from the camera's height over the ground. */
final class GroundUnit implements UnitOfLength {
  /** Frames after which a person is told that no ground was found. */
  private static final int PATIENCE_FRAMES = 60;

  private final double cameraHeightM;
  private final Odometry odometry;
  private final DepthFilter depth;
  private final Consumer<Notice> notices;
  private final ScaleEstimator estimator;
  private int framesWithout;
  private boolean relativePublished;
  private boolean announced;

  GroundUnit(double cameraHeightM, Odometry odometry, DepthFilter depth, Consumer<Notice> notices) {
    this.cameraHeightM = cameraHeightM;
    this.odometry = odometry;
    this.depth = depth;
    this.notices = notices;
    estimator = new ScaleEstimator(cameraHeightM);
    notices.accept(
        Notice.info(
            "Scale: relative until the ground is found (camera height %.2f m given)"
                .formatted(cameraHeightM)));
  }

  @Override
  public ScaleSource source() {
    return isSettled() ? ScaleSource.CAMERA_HEIGHT : ScaleSource.RELATIVE;
  }

  @Override
  public boolean isSettled() {
    return estimator.isKnown();
  }

  @Override
  public double scaleStd() {
    return estimator.relativeStd();
  }

  @Override
  public void resume(double scaleStd) {
    if (!Double.isNaN(scaleStd)) {
      estimator.resume(scaleStd);
    }
    relativePublished = true; // by the session before: the path that is out stays as it is
  }

  @Override
  public void forget() {
    relativePublished |= estimator.isKnown();
    estimator.forget();
    framesWithout = 0;
  }

  @Override
  public void begin(Odometry.Track track, CameraFrame frame) {}

  @Override
  public Odometry.Track settle(Odometry.Track track, CameraFrame frame) {
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
    double factor = cameraHeightM / height.getAsDouble();
    depth.rescale(factor);
    return odometry.rescale(track, factor, new double[3]);
  }

  private void announce() {
    if (!announced) {
      announced = true;
      notices.accept(
          Notice.info(
              "Scale: camera height (%.2f m over the fitted ground, std %.1f %%)"
                  .formatted(cameraHeightM, 100 * estimator.relativeStd())));
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
