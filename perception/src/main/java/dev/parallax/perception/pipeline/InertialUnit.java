package dev.parallax.perception.pipeline;

import dev.parallax.perception.depth.DepthFilter;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.inertial.AccelerometerUnit;
import dev.parallax.perception.inertial.InertialScale;
import dev.parallax.perception.odometry.Odometry;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Metres from an accelerometer. It needs the gyroscope beside it to be believed, which shows that
 * sensor and pictures belong together and how the one sits on the other.
 */
final class InertialUnit implements UnitOfLength {
  /** Frames after which a person is told that the accelerometer tells no scale. */
  private static final int PATIENCE_FRAMES = 150;

  /** Windows that are not believed, a fifth of a second each. */
  private static final int PATIENCE_WINDOWS = 15;

  private final Odometry odometry;
  private final DepthFilter depth;
  private final InertialAid inertial;
  private final Consumer<Notice> notices;
  private final InertialScale scale = new InertialScale();
  private int framesWithout;
  private boolean announced;
  private boolean disagreementTold;

  InertialUnit(
      Odometry odometry, DepthFilter depth, InertialAid inertial, Consumer<Notice> notices) {
    this.odometry = odometry;
    this.depth = depth;
    this.inertial = inertial;
    this.notices = notices;
    notices.accept(Notice.info("Scale: relative until the accelerometer has told it"));
  }

  @Override
  public ScaleSource source() {
    return isSettled() ? ScaleSource.IMU : ScaleSource.RELATIVE;
  }

  @Override
  public boolean isSettled() {
    return scale.isKnown();
  }

  @Override
  public double scaleStd() {
    return isSettled() ? scale.relativeStd() : Double.NaN;
  }

  @Override
  public void resume(double scaleStd) {
    if (!Double.isNaN(scaleStd)) {
      scale.resume(scaleStd);
    }
  }

  @Override
  public void forget() {
    scale.forget();
    framesWithout = 0;
  }

  @Override
  public void begin(Odometry.Track track, CameraFrame frame) {
    scale.breakOff();
  }

  @Override
  public Odometry.Track settle(Odometry.Track track, CameraFrame frame) {
    if (odometry.state() != TrackingState.TRACKING || !inertial.isBelieved()) {
      scale.breakOff();
      return waiting(track);
    }
    Se3 T_cam_imu = inertial.T_cam_imu();
    Optional<Double> factor =
        scale.observe(
            frame.stamp(),
            track.T_odom_cam(),
            inertial.span(),
            T_cam_imu,
            inertial.gyroBiasRadps());
    return factor.isPresent() ? corrected(track, factor.get()) : waiting(track);
  }

  /** The camera stays where it is said to be, since poses in another unit may be out. */
  private Odometry.Track corrected(Odometry.Track track, double factor) {
    double[] camera_odom = track.T_odom_cam().translation();
    depth.rescale(factor);
    scale.rescale(factor, camera_odom);
    if (announced) {
      odometry.knowUnit(scale.relativeStd());
      return odometry.correctScale(track, factor, camera_odom);
    }
    announce();
    return odometry.rescale(track, factor, camera_odom);
  }

  private void announce() {
    announced = true;
    double[] g = scale.gravity_odom();
    double length = Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
    notices.accept(
        Notice.info(
            String.format(
                Locale.ROOT,
                "Scale: imu (std %.1f %%); gravity lies %.1f degrees beside odom's z axis",
                100 * scale.relativeStd(),
                Math.toDegrees(Math.acos(Math.max(-1, Math.min(1, -g[2] / length)))))));
  }

  private Odometry.Track waiting(Odometry.Track track) {
    if (!announced && ++framesWithout == PATIENCE_FRAMES) {
      notices.accept(
          Notice.warning(
              ("The accelerometer has told no scale in %d frames; lengths stay relative and the map"
                      + " empty: no readings, a gyroscope that is not believed, or too little"
                      + " acceleration")
                  .formatted(PATIENCE_FRAMES)));
    }
    if (scale.refusals() == PATIENCE_WINDOWS && !disagreementTold) {
      disagreementTold = true;
      notices.accept(
          Notice.warning(
              "The accelerometer disagrees with the pictures and is not used: " + suspicion()));
    }
    return track;
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
