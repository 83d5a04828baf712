package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Degeneracy;
import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.inertial.GyroTurns;
import dev.parallax.perception.inertial.GyroVerdict;
import dev.parallax.perception.inertial.InertialSpan;
import dev.parallax.perception.odometry.Odometry;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an inertial sensor does for a session's odometry: its gyroscope predicts turns once it is
 * believed, and is held against the turns that were found. Without readings it does nothing. Agent
 * thread only.
 */
final class InertialAid {
  /** Pictures in a row at rest before the gyroscope's bias is learnt from it: half a second. */
  private static final int PICTURES_AT_REST = 10;

  private final Consumer<Notice> notices;
  private final GyroTurns gyro = new GyroTurns();
  private final Set<GyroVerdict.State> told = EnumSet.noneOf(GyroVerdict.State.class);
  private @Nullable InertialSpan span;
  private @Nullable TurnPrediction turn;
  private @Nullable Se3 given;
  private int resting;

  InertialAid(Consumer<Notice> notices) {
    this.notices = notices;
  }

  /**
   * A frame is about to be worked on.
   *
   * @param previous stamp of the picture before; null for the first
   */
  void begin(CameraFrame frame, @Nullable Timestamp previous) {
    span = null;
    turn = null;
    InertialSamples samples = frame.inertial();
    if (samples == null || previous == null) {
      return;
    }
    given = samples.T_cam_imu();
    gyro.mount(given);
    span = InertialSpan.between(samples, previous, frame.stamp()).orElse(null);
    turn = span == null ? null : gyro.predict(span).orElse(null);
  }

  /** How the camera turned since the picture before; null where that is not known. */
  @Nullable TurnPrediction turn() {
    return turn;
  }

  /** Whether the gyroscope is believed, so that the sensor is known to belong to the camera. */
  boolean isBelieved() {
    return gyro.verdict().state() == GyroVerdict.State.TRUSTED;
  }

  /**
   * Where the sensor sits: as it was told, or turned as was found and at the camera itself.
   *
   * @throws IllegalStateException if the gyroscope is not believed
   */
  Se3 T_cam_imu() {
    Se3 R = gyro.R_cam_imu();
    if (R == null) {
      throw new IllegalStateException("The mounting is not known");
    }
    return given != null ? given : R;
  }

  /** {@code [3]} what the gyroscope reads at rest. */
  double[] gyroBiasRadps() {
    return gyro.biasRadps().clone();
  }

  /** The readings since the picture before; null where they are not complete. */
  @Nullable InertialSpan span() {
    return span;
  }

  /** The present picture's pose was found, following on that of the picture before. */
  void found(Odometry.Track track, TrackingState state) {
    boolean rests = track.figures().degeneracies().contains(Degeneracy.STANDING_STILL);
    resting = rests ? resting + 1 : 0;
    if (span == null) {
      return;
    }
    if (resting > PICTURES_AT_REST) {
      gyro.observeRest(span);
    } else if (state == TrackingState.TRACKING && !track.T_cur_prev().equals(Se3.identity())) {
      gyro.observe(span, track.T_cur_prev());
    }
    tell();
  }

  private void tell() {
    GyroVerdict verdict = gyro.verdict();
    if (verdict.state() == GyroVerdict.State.LEARNING || !told.add(verdict.state())) {
      return;
    }
    if (verdict.state().isFault()) {
      notices.accept(
          Notice.warning(
              Notice.Topic.IMU,
              "Gyroscope is not used: %s; tracking goes on by the pictures alone"
                  .formatted(verdict.complaint())));
      return;
    }
    double[] bias = gyro.biasRadps();
    notices.accept(
        Notice.info(
            Notice.Topic.IMU,
            String.format(
                Locale.ROOT,
                "Gyroscope: turns as the pictures do and predicts the camera's turns (reads %.4f %.4f %.4f rad/s at rest)",
                bias[0],
                bias[1],
                bias[2])));
  }
}
