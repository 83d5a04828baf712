package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.inertial.AccelerometerUnit;
import dev.parallax.perception.inertial.InertialScale;
import dev.parallax.perception.odometry.Odometry;
import java.util.Locale;
import java.util.Optional;

/**
 * Metres from an accelerometer. It needs the gyroscope beside it to be believed, which shows that
 * sensor and pictures belong together and how the one sits on the other.
 */
final class InertialProposer extends LearningProposer<InertialScale> {
  /** Frames after which a person is told that the accelerometer tells no scale. */
  private static final int PATIENCE_FRAMES = 150;

  /** Windows that are not believed, a fifth of a second each. */
  private static final int PATIENCE_WINDOWS = 15;

  /** What an accelerometer's own scale is usually off by. */
  private static final double OWN_STD = 0.01;

  private final Odometry odometry;
  private final InertialAid inertial;
  private boolean disagreementTold;

  InertialProposer(Odometry odometry, InertialAid inertial) {
    super(ScaleSource.IMU, new InertialScale(), OWN_STD, PATIENCE_FRAMES);
    this.odometry = odometry;
    this.inertial = inertial;
  }

  @Override
  public String awaited() {
    return "the accelerometer has told it";
  }

  @Override
  public String announced(double std) {
    double[] g = scale.gravity_odom();
    double length = Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
    return String.format(
        Locale.ROOT,
        "imu (std %.1f %%); gravity lies %.1f degrees beside odom's z axis",
        100 * std,
        Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, -g[2] / length)))));
  }

  @Override
  public void begin(Odometry.Track track, CameraFrame frame) {
    scale.breakOff();
  }

  @Override
  public boolean learn(Odometry.Track track, CameraFrame frame) {
    boolean told = false;
    if (odometry.state() == TrackingState.TRACKING && inertial.isBelieved()) {
      told =
          scale
              .observe(
                  frame.stamp(),
                  track.T_odom_cam(),
                  inertial.span(),
                  inertial.T_cam_imu(),
                  inertial.gyroBiasRadps())
              .isPresent();
    } else {
      scale.breakOff();
    }
    if (told) {
      silence.end();
    } else {
      silence.spend();
    }
    return told;
  }

  @Override
  public void corrected(Correction correction, CameraFrame frame) {
    scale.rescale(correction.factor(), correction.path_odom());
  }

  @Override
  public Optional<Notice> complaint() {
    if (scale.refusals() == PATIENCE_WINDOWS && !disagreementTold) {
      disagreementTold = true;
      return Optional.of(
          Notice.warning(
              Notice.Topic.IMU,
              "The accelerometer disagrees with the pictures and is not used: " + suspicion()));
    }
    return complaintOfSilence(
        "The accelerometer has told no scale in %d frames: no readings, a gyroscope that is not believed, or too little acceleration");
  }

  private String suspicion() {
    double usual = scale.usualForceMps2();
    return switch (AccelerometerUnit.of(usual)) {
      case GRAVITIES ->
          String.format(
              Locale.ROOT,
              "it usually reads %.2f, so it is in g, not m/s2: multiply it by 9.81 in the driver",
              usual);
      case FREE_OF_GRAVITY -> "gravity was taken out; publish the raw reading";
      case OTHER ->
          String.format(Locale.ROOT, "it usually reads %.2f, which is not gravity", usual);
      case METRES_PER_SECOND_SQUARED -> "exchanged axes, or strong vibration?";
    };
  }
}
