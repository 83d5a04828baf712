package dev.parallax.perception.geometry;

/**
 * By how much a promised std is to be multiplied, learnt while running from what errors turn out to
 * be. It follows the median of their magnitude, so that outliers do not count.
 */
public final class StdInflation {
  private final int minErrors;
  private final int memory;
  private double variance = 1;
  private int batches;

  /**
   * @param minErrors fewer tell nothing
   * @param memory batches that the mean goes back
   */
  public StdInflation(int minErrors, int memory) {
    this.minErrors = minErrors;
    this.memory = memory;
  }

  /**
   * Learns from a batch.
   *
   * @param errors magnitudes in promised stds; reordered
   * @param n how many there are
   */
  public void learn(double[] errors, int n) {
    if (n < minErrors) {
      return;
    }
    double std = OrderStatistic.STD_OVER_MAD * OrderStatistic.median(errors, n);
    batches = Math.min(batches + 1, memory);
    variance += (std * std - variance) / batches;
  }

  /** One before any batch. */
  public double factor() {
    return Math.sqrt(variance);
  }
}
