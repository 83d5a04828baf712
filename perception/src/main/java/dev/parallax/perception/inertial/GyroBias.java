package dev.parallax.perception.inertial;

/**
 * What a gyroscope reads at rest, from several sources, each by its variance. Agent thread only.
 */
final class GyroBias {
  /** Of a sensor that nothing is known of. */
  private static final double FIRST_STD_RADPS = 0.01;

  /** How far it wanders: temperature, mostly. */
  private static final double WANDER_STD_PER_ROOT_S = 3e-4;

  /** What a whole second at rest tells it to. */
  private static final double REST_STD_PER_ROOT_HZ = 1e-3;

  private final double[] radps = new double[3];
  private double variance = FIRST_STD_RADPS * FIRST_STD_RADPS;

  /** {@code [3]}; not to be changed. */
  double[] radps() {
    return radps;
  }

  double std() {
    return Math.sqrt(variance);
  }

  void wander(double seconds) {
    variance += WANDER_STD_PER_ROOT_S * WANDER_STD_PER_ROOT_S * seconds;
  }

  /** The camera rests. */
  void rest(InertialSpan span) {
    learn(span.meanGyroRadps(), REST_STD_PER_ROOT_HZ * REST_STD_PER_ROOT_HZ / span.seconds());
  }

  void learn(double[] found, double foundVariance) {
    double gain = variance / (variance + foundVariance);
    for (int k = 0; k < 3; k++) {
      radps[k] += gain * (found[k] - radps[k]);
    }
    variance *= 1 - gain;
  }
}
