package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.odometry.Odometry;
import java.util.Locale;
import java.util.Optional;

/**
 * Metres of a depth sensor, whose depth is fused as it is: the unit of length is its own from the
 * first frame that carries any.
 */
final class SensorDepthProposer implements ScaleProposer {
  /** What a depth camera's factory calibration is usually off by. */
  private static final double OWN_STD = 0.01;

  private boolean isThere;
  private boolean isTold;

  @Override
  public ScaleSource source() {
    return ScaleSource.SENSOR_DEPTH;
  }

  @Override
  public String awaited() {
    return "a frame carries depth";
  }

  @Override
  public String announced(double std) {
    return String.format(Locale.ROOT, "sensor depth (std %.1f %%)", 100 * std);
  }

  @Override
  public double ownStd() {
    return OWN_STD;
  }

  @Override
  public Optional<Proposal> proposal() {
    return isThere ? Optional.of(new Proposal(1, 0)) : Optional.empty();
  }

  @Override
  public void begin(Odometry.Track track, CameraFrame frame) {
    isThere |= frame.sensorDepth() != null;
  }

  @Override
  public boolean learn(Odometry.Track track, CameraFrame frame) {
    isThere |= frame.sensorDepth() != null;
    boolean isNew = isThere && !isTold;
    isTold = isThere;
    return isNew;
  }

  @Override
  public void resume(double scaleStd) {
    isThere = true;
  }

  @Override
  public void forget() {}
}
