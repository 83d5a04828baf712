package dev.parallax.sim.training;

/**
 * How a network is refined on a recording.
 *
 * @param seed of the order and of the simulated views
 * @param batch pictures a step, of which {@code simulated} are of made-up worlds with true depth,
 *     so that what the recording does not show is not unlearned
 * @param simulatedViews how many such views there are to draw from
 * @param heldOutShare of the recording's end, which is never learned from: its first half chooses
 *     after which step the network is kept, its second half judges
 */
public record AdaptationRecipe(
    long seed,
    long steps,
    int batch,
    int simulated,
    int simulatedViews,
    double rate,
    double heldOutShare) {
  public AdaptationRecipe {
    if (steps < 1 || batch < 1 || simulated < 0 || simulated >= batch || !(rate > 0)) {
      throw new IllegalArgumentException(
          "Steps and rate must be positive, and some of the batch from the recording");
    }
    if (!(heldOutShare > 0 && heldOutShare < 1) || (simulated > 0 && simulatedViews < 1)) {
      throw new IllegalArgumentException(
          "A part of the recording is held out, got %s; got %d simulated views"
              .formatted(heldOutShare, simulatedViews));
    }
  }

  public static AdaptationRecipe defaults() {
    return new AdaptationRecipe(1, 120, 6, 2, 120, 4e-4, 0.25);
  }

  public AdaptationRecipe withSteps(long newSteps) {
    return new AdaptationRecipe(
        seed, newSteps, batch, simulated, simulatedViews, rate, heldOutShare);
  }

  public AdaptationRecipe withSeed(long newSeed) {
    return new AdaptationRecipe(
        newSeed, steps, batch, simulated, simulatedViews, rate, heldOutShare);
  }

  public AdaptationRecipe withRate(double newRate) {
    return new AdaptationRecipe(
        seed, steps, batch, simulated, simulatedViews, newRate, heldOutShare);
  }

  /** How many simulated views are worth drawing: no more than are looked at. */
  long viewsDrawn() {
    return Math.min(simulatedViews, steps * simulated);
  }

  /** After how many steps the network is looked at. */
  long stepsALook() {
    return Math.max(1, steps / 12);
  }

  /** Up over the first steps, then down along half a cosine. */
  double rateAt(long step) {
    double warmUp = Math.min(1, (step + 1) / Math.max(1, 0.1 * steps));
    return rate * warmUp * Math.max(0.02, 0.5 * (1 + Math.cos(Math.PI * step / steps)));
  }
}
