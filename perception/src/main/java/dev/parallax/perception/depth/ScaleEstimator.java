package dev.parallax.perception.depth;

import dev.parallax.perception.frame.GroundPlane;
import dev.parallax.perception.frame.ScaleBelief;
import java.util.OptionalDouble;

/**
 * Holds the unit of length to metres from the camera's known height over the fitted ground: a
 * Kalman filter on the logarithm of the scale. The first sure sight of the ground sets the scale,
 * later ones correct it slowly. Agent thread only.
 */
public final class ScaleEstimator implements ScaleBelief {
  /** A first sight less sure than this is not taken. */
  private static final double MAX_FIRST_STD = 0.1;

  /** The first depths are the least tested: what their scale may be off beyond what they say. */
  private static final double FIRST_STD = 0.05;

  /** How far the height itself wanders: a suspension, a ramp, a stride. */
  private static final double MOUNTING_STD = 0.02;

  /** How far odometry's log scale drifts from one correction to the next. */
  private static final double DRIFT_STD = 0.003;

  private static final double GATE_SIGMAS = 3;

  /** Doubt added by ground that does not agree, so that a wrong beginning does not last. */
  private static final double DISAGREEMENT_FACTOR = 1.5;

  private static final double MAX_VARIANCE = 0.25;
  private static final double MAX_STEP = 0.02;

  private final double cameraHeightM;
  private double scale = 1;
  private double variance = Double.NaN;

  /**
   * @param cameraHeightM height of the camera over the ground, metres
   * @throws IllegalArgumentException if it is not positive
   */
  public ScaleEstimator(double cameraHeightM) {
    if (!(cameraHeightM > 0)) {
      throw new IllegalArgumentException("Camera height must be positive, got " + cameraHeightM);
    }
    this.cameraHeightM = cameraHeightM;
  }

  @Override
  public boolean isKnown() {
    return !Double.isNaN(variance);
  }

  @Override
  public double scale() {
    return scale;
  }

  /** The unit of length was changed. */
  public void rescale(double factor) {
    if (isKnown()) {
      scale /= factor;
    }
  }

  /** One standard deviation of the scale over the scale; NaN until it is known. */
  @Override
  public double relativeStd() {
    return Math.sqrt(variance);
  }

  @Override
  public void forget() {
    scale = 1;
    variance = Double.NaN;
  }

  @Override
  public void resume(double relativeStd) {
    scale = 1;
    variance = relativeStd * relativeStd;
  }

  /**
   * Learns from one sight of the ground.
   *
   * @param ground measured in the unit of length as it stands
   * @return what all lengths are to be multiplied by; empty if they stay. {@link #rescale} is to be
   *     told what became of them
   */
  public OptionalDouble observe(GroundPlane ground) {
    double logFactor = Math.log(cameraHeightM / ground.height()) - Math.log(scale);
    double measured = ground.relativeStd() * ground.relativeStd() + MOUNTING_STD * MOUNTING_STD;
    if (!isKnown()) {
      if (ground.relativeStd() > MAX_FIRST_STD) {
        return OptionalDouble.empty();
      }
      variance = measured + FIRST_STD * FIRST_STD;
      scale = Math.exp(logFactor);
      return OptionalDouble.of(scale);
    }
    variance += DRIFT_STD * DRIFT_STD;
    if (logFactor * logFactor > GATE_SIGMAS * GATE_SIGMAS * (variance + measured)) {
      variance = Math.min(MAX_VARIANCE, DISAGREEMENT_FACTOR * variance);
      return OptionalDouble.empty();
    }
    double gain = variance / (variance + measured);
    double step = Math.max(-MAX_STEP, Math.min(MAX_STEP, gain * logFactor));
    // Only what is corrected is learnt: a step cut short leaves the doubt of the rest.
    variance *= logFactor == 0 ? 1 - gain : 1 - step / logFactor;
    scale *= Math.exp(step);
    return OptionalDouble.of(scale);
  }
}
