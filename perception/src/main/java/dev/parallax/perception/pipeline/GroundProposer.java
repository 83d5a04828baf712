package dev.parallax.perception.pipeline;

import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.depth.ScaleEstimator;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.GroundPlane;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.odometry.Odometry;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Metres from the camera's height over the ground. */
final class GroundProposer implements ScaleProposer {
  /** Frames after which a person is told that no ground was found. */
  private static final int PATIENCE_FRAMES = 60;

  private final double cameraHeightM;
  private final double ownStd;
  private final Odometry odometry;
  private final DepthFilter depth;
  private final ScaleEstimator estimator;
  private final Patience silence = new Patience(PATIENCE_FRAMES);

  GroundProposer(double cameraHeightM, double ownStd, Odometry odometry, DepthFilter depth) {
    this.cameraHeightM = cameraHeightM;
    this.ownStd = ownStd;
    this.odometry = odometry;
    this.depth = depth;
    estimator = new ScaleEstimator(cameraHeightM);
  }

  @Override
  public ScaleSource source() {
    return ScaleSource.CAMERA_HEIGHT;
  }

  @Override
  public String awaited() {
    return String.format(
        Locale.ROOT, "the ground is found (camera height %.2f m given)", cameraHeightM);
  }

  @Override
  public String announced(double std) {
    return String.format(
        Locale.ROOT,
        "camera height (%.2f m over the fitted ground, std %.1f %%)",
        cameraHeightM,
        100 * std);
  }

  @Override
  public double ownStd() {
    return ownStd;
  }

  @Override
  public Optional<Proposal> proposal() {
    return estimator.isKnown()
        ? Optional.of(new Proposal(estimator.scale(), estimator.relativeStd()))
        : Optional.empty();
  }

  @Override
  public boolean learn(Odometry.Track track, CameraFrame frame) {
    boolean wasKnown = estimator.isKnown();
    if (wasKnown && !track.wantsKeyframe()) {
      return false;
    }
    boolean told = false;
    if (odometry.state() == TrackingState.TRACKING) {
      depth.download();
      Optional<GroundPlane> ground = depth.ground(odometry.travel_cam());
      told = ground.isPresent() && estimator.observe(ground.get()).isPresent();
    }
    if (told) {
      silence.end();
    } else if (!wasKnown) {
      silence.spend();
    }
    return told;
  }

  @Override
  public OptionalDouble guess(Odometry.Track track, CameraFrame frame) {
    if (odometry.state() != TrackingState.TRACKING) {
      return OptionalDouble.empty();
    }
    OptionalDouble height = depth.guessCameraHeight(odometry.travel_cam());
    return height.isPresent()
        ? OptionalDouble.of(cameraHeightM / height.getAsDouble())
        : OptionalDouble.empty();
  }

  @Override
  public void corrected(Correction correction, CameraFrame frame) {
    estimator.rescale(correction.factor());
  }

  @Override
  public void resume(double scaleStd) {
    estimator.resume(scaleStd);
  }

  @Override
  public void forget() {
    estimator.forget();
    silence.renew();
  }

  @Override
  public Optional<Notice> complaint() {
    return silence.runsOut()
        ? Optional.of(
            Notice.warning(
                "No ground plane found in %d frames: point the camera so that the ground is seen, or leave out the camera height"
                    .formatted(PATIENCE_FRAMES)))
        : Optional.empty();
  }
}
