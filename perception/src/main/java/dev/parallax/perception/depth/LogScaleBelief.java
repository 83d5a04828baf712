package dev.parallax.perception.depth;

import dev.parallax.perception.frame.ScaleBelief;
import java.util.OptionalDouble;

/**
 * A Kalman filter on the logarithm of the metric scale, which follows a source slowly and grows
 * unsure where the source contradicts it. Agent thread only.
 */
abstract class LogScaleBelief implements ScaleBelief {
  private static final double GATE_SIGMAS = 3;

  /** How far odometry's log scale drifts from one correction to the next. */
  private static final double DRIFT_STD = 0.003;

  /** Doubt added by a sight that does not agree, so that a wrong beginning does not last. */
  private static final double DISAGREEMENT_FACTOR = 1.5;

  private static final double MAX_VARIANCE = 0.25;
  private static final double MAX_STEP = 0.02;

  private double scale = 1;
  private double variance = Double.NaN;

  @Override
  public final boolean isKnown() {
    return !Double.isNaN(variance);
  }

  @Override
  public final double scale() {
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
  public final double relativeStd() {
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

  /** The scale is known from here on. */
  final OptionalDouble begin(double logScale, double firstVariance) {
    variance = firstVariance;
    scale = Math.exp(logScale);
    return OptionalDouble.of(scale);
  }

  /**
   * Learns from one more sight.
   *
   * @param logScale that it tells of the unit of length as it stands
   * @param measured variance of that
   * @return what all lengths are to be multiplied by; empty if they stay
   */
  final OptionalDouble follow(double logScale, double measured) {
    double logFactor = logScale - Math.log(scale);
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
