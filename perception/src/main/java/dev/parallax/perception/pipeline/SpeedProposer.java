package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Degeneracy;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.odometry.Odometry;
import dev.parallax.perception.odometry.SpeedScale;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** Metres from a speed sensor: frames carry along how far the camera's carrier has gone. */
final class SpeedProposer extends LearningProposer<SpeedScale> {
  /** Frames after which a person is told that there is no speed, or none that agrees. */
  private static final int PATIENCE_FRAMES = 60;

  private final Odometry odometry;
  private double[] begun_odom = new double[3];
  private OptionalDouble stepFactor = OptionalDouble.empty();
  private boolean disagreementTold;

  SpeedProposer(double ownStd, Odometry odometry) {
    super(ScaleSource.SPEED, new SpeedScale(), ownStd, PATIENCE_FRAMES);
    this.odometry = odometry;
  }

  @Override
  public String awaited() {
    return "the speed has told it";
  }

  @Override
  public String announced(double std) {
    return String.format(
        Locale.ROOT,
        "speed (std %.1f %%, of which the sensor's own %.1f %%)",
        100 * std,
        100 * ownStd());
  }

  @Override
  public Optional<double[]> begun_odom() {
    return Optional.of(begun_odom);
  }

  @Override
  public void begin(Odometry.Track track, CameraFrame frame) {
    stepFactor = OptionalDouble.empty();
    begun_odom = track.T_odom_cam().translation();
    scale.begin(frame.stamp(), track.T_odom_cam(), frame.driven());
  }

  @Override
  public boolean learn(Odometry.Track track, CameraFrame frame) {
    stepFactor = OptionalDouble.empty();
    if (track.figures().degeneracies().contains(Degeneracy.STANDING_STILL)) {
      begin(track, frame);
      return false;
    }
    if (odometry.state() != TrackingState.TRACKING) {
      if (!scale.hasBegun(frame.driven())) {
        begin(track, frame);
      }
      return false;
    }
    Optional<SpeedScale.Correction> found =
        scale.observe(frame.stamp(), track.T_odom_cam(), frame.driven());
    if (found.isPresent()) {
      silence.end();
      stepFactor = OptionalDouble.of(found.get().stepFactor());
    } else if (!scale.isKnown()) {
      silence.spend();
    }
    return found.isPresent();
  }

  @Override
  public OptionalDouble guess(Odometry.Track track, CameraFrame frame) {
    return odometry.state() == TrackingState.TRACKING
        ? OptionalDouble.empty()
        : scale.guess(frame.stamp(), track.T_odom_cam(), frame.driven());
  }

  @Override
  public OptionalDouble stepFactor() {
    return stepFactor;
  }

  @Override
  public void corrected(Correction correction, CameraFrame frame) {
    scale.rescale(correction.factor(), correction.from_odom(), correction.to_odom());
    if (scale.begins(frame.stamp())) {
      scale.begin(frame.stamp(), correction.camera().T_odom_cam(), frame.driven());
    }
  }

  @Override
  public Optional<Notice> complaint() {
    if (scale.isKnown() && scale.refusedInARow() == PATIENCE_FRAMES && !disagreementTold) {
      disagreementTold = true;
      return Optional.of(
          Notice.warning(
              "The speed has disagreed with the pictures for a while and was not used: wheels that"
                  + " slip, or another vehicle's topic?"));
    }
    return complaintOfSilence(
        "No speed that tells a scale in %d frames: nothing was measured near the pictures' stamps, or the carrier stands");
  }
}
