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
import java.util.function.BooleanSupplier;

/** Metres from the camera's height over the ground. */
final class GroundProposer extends LearningProposer<ScaleEstimator> {
  /** Frames after which a person is told that no ground was found. */
  private static final int PATIENCE_FRAMES = 60;

  private final double cameraHeightM;
  private final Odometry odometry;
  private final DepthFilter depth;
  private final BooleanSupplier isDepthGuessed;

  /**
   * @param isDepthGuessed whether depth is little more than a network's guess, which tells no
   *     ground
   */
  GroundProposer(
      double cameraHeightM,
      double ownStd,
      Odometry odometry,
      DepthFilter depth,
      BooleanSupplier isDepthGuessed) {
    super(ScaleSource.CAMERA_HEIGHT, new ScaleEstimator(cameraHeightM), ownStd, PATIENCE_FRAMES);
    this.cameraHeightM = cameraHeightM;
    this.odometry = odometry;
    this.depth = depth;
    this.isDepthGuessed = isDepthGuessed;
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
  public boolean learn(Odometry.Track track, CameraFrame frame) {
    boolean wasKnown = scale.isKnown();
    if (wasKnown && !track.wantsKeyframe() || isDepthGuessed.getAsBoolean()) {
      return false;
    }
    boolean told = false;
    if (odometry.state() == TrackingState.TRACKING) {
      depth.download();
      Optional<GroundPlane> ground = depth.ground(odometry.travel_cam());
      told = ground.isPresent() && scale.observe(ground.get()).isPresent();
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
    scale.rescale(correction.factor());
  }

  @Override
  public Optional<Notice> complaint() {
    return complaintOfSilence(
        "No ground plane found in %d frames: point the camera so that the ground is seen, or leave out the camera height");
  }
}
