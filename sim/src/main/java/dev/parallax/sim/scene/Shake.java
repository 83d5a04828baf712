package dev.parallax.sim.scene;

import java.util.Random;

/**
 * A smooth random wobble: a sum of sine waves with fixed random phases, so it has all derivatives
 * and never repeats soon. Immutable.
 */
final class Shake {
  private static final int WAVES = 5;

  private final double[] amplitude = new double[WAVES];
  private final double[] angularRate = new double[WAVES];
  private final double[] phase = new double[WAVES];

  /**
   * @param rms root mean square of the wobble, in the unit it is used for
   * @param lowHz slowest wave; {@code highHz} the fastest, with less strength
   */
  Shake(long seed, double rms, double lowHz, double highHz) {
    Random random = new Random(seed);
    double power = 0;
    for (int i = 0; i < WAVES; i++) {
      double share = (i + 0.5 * random.nextDouble()) / WAVES;
      double hz = lowHz * Math.pow(highHz / lowHz, share);
      angularRate[i] = 2 * Math.PI * hz;
      phase[i] = 2 * Math.PI * random.nextDouble();
      amplitude[i] = Math.sqrt(lowHz / hz);
      power += amplitude[i] * amplitude[i] / 2;
    }
    for (int i = 0; i < WAVES; i++) {
      amplitude[i] *= rms / Math.sqrt(power);
    }
  }

  double at(double timeS) {
    double sum = 0;
    for (int i = 0; i < WAVES; i++) {
      sum += amplitude[i] * Math.sin(angularRate[i] * timeS + phase[i]);
    }
    return sum;
  }
}
