package dev.parallax.sim.training;

/**
 * Everything that decides what a training makes.
 *
 * @param seed of the worlds, of the first weights and of what each step looks at
 * @param width of the pictures; likewise {@code height}
 * @param steps after which the rate has fallen to nothing
 * @param batch pictures a step
 * @param fresh new pictures drawn a step
 * @param pool pictures kept, at most
 * @param firstViews pictures drawn before the first step
 * @param rate the highest rate of learning
 */
public record TrainingRecipe(
    long seed,
    int width,
    int height,
    long steps,
    int batch,
    int fresh,
    int pool,
    int firstViews,
    double rate,
    double weightDecay) {
  public TrainingRecipe {
    if (steps < 1 || batch < 1 || fresh < 0 || pool < 1 || firstViews < 1 || !(rate > 0)) {
      throw new IllegalArgumentException(
          "Steps, batch, pool, first views and rate must be positive and fresh not negative");
    }
  }

  public static TrainingRecipe defaults(long seed, long steps) {
    return new TrainingRecipe(seed, 256, 192, steps, 8, 2, 1500, 600, 1.5e-3, 0.01);
  }

  /** The same with another highest rate. */
  public TrainingRecipe withRate(double newRate) {
    return new TrainingRecipe(
        seed, width, height, steps, batch, fresh, pool, firstViews, newRate, weightDecay);
  }

  /** Up over the first steps, then down along half a cosine. */
  double rateAt(long step) {
    double warmUp = Math.min(1, (step + 1) / Math.max(1, Math.min(300.0, 0.1 * steps)));
    double share = Math.min(1, (double) step / steps);
    return rate * warmUp * Math.max(0.01, 0.5 * (1 + Math.cos(Math.PI * share)));
  }

  /** How many views have been drawn when a step begins. */
  long viewsDrawn(long step) {
    return firstViews + step * fresh;
  }
}
