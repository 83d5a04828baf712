package dev.parallax.perception.frame;

/** What one source has learnt of the metric scale. Agent thread only. */
public interface ScaleBelief {
  /** Whether the unit of length is a metre. */
  boolean isKnown();

  /** Metres in the unit of length as it stands; 1 once lengths were corrected. */
  double scale();

  /** One standard deviation of the scale over the scale, but for the sensor's own. */
  double relativeStd();

  /** Goes on with a scale that is already metric, as sure as {@link #relativeStd} once told. */
  void resume(double relativeStd);

  /** Begins anew: the unit of length is unknown again. */
  void forget();
}
