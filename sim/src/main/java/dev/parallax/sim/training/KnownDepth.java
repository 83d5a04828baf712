package dev.parallax.sim.training;

import java.util.Random;

/**
 * Draws what a depth filter might know of a picture already: nothing, some points, or what has
 * texture less some blocks; a little wrong everywhere, badly wrong at some places, and all of it by
 * a common factor. One network then serves with and without (after SAN, Guizilini et al. 2021).
 */
final class KnownDepth {
  private static final double NOTHING_SHARE = 0.45;
  private static final double POINTS_SHARE = 0.2;
  private static final int BLOCK = 16;

  private KnownDepth() {}

  /**
   * @return {@code [H W]} 1/m, 0 where not known
   */
  static float[] draw(TrainingSample sample, Random random) {
    float[] known = new float[sample.inverseDepth().length];
    double place = random.nextDouble();
    if (place >= NOTHING_SHARE) {
      Errors errors = new Errors(random);
      if (place < NOTHING_SHARE + POINTS_SHARE) {
        points(sample, random, errors, known);
      } else {
        textured(sample, random, errors, known);
      }
    }
    return known;
  }

  private static void points(TrainingSample sample, Random random, Errors errors, float[] known) {
    int count = (int) (20 * Math.pow(100, random.nextDouble()));
    for (int i = 0; i < count; i++) {
      int at = random.nextInt(known.length);
      known[at] = errors.on(sample.inverseDepth()[at]);
    }
  }

  private static void textured(TrainingSample sample, Random random, Errors errors, float[] known) {
    int width = sample.camera().width();
    int columns = (width + BLOCK - 1) / BLOCK;
    double keep = 0.3 + 0.7 * random.nextDouble();
    boolean[] kept = new boolean[columns * (known.length / width / BLOCK + 1)];
    for (int i = 0; i < kept.length; i++) {
      kept[i] = random.nextDouble() < keep;
    }
    int threshold = 2 + random.nextInt(12);
    byte[] grey = sample.grey8();
    for (int i = width + 1; i < known.length; i++) {
      int change =
          Math.abs((grey[i] & 255) - (grey[i - 1] & 255))
              + Math.abs((grey[i] & 255) - (grey[i - width] & 255));
      if (change > threshold && kept[i / width / BLOCK * columns + i % width / BLOCK]) {
        known[i] = errors.on(sample.inverseDepth()[i]);
      }
    }
  }

  private static final class Errors {
    private final Random random;
    private final double factor;
    private final double noise;
    private final double outliers;

    Errors(Random random) {
      this.random = random;
      factor = Math.exp(0.05 * random.nextGaussian());
      noise = 0.01 * Math.pow(12, random.nextDouble());
      outliers = 0.06 * random.nextDouble() * random.nextDouble();
    }

    float on(float inverseDepth) {
      double spread = random.nextDouble() < outliers ? 0.7 : noise;
      return (float) (inverseDepth * factor * Math.exp(spread * random.nextGaussian()));
    }
  }
}
