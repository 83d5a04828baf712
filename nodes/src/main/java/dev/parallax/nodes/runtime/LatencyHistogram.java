package dev.parallax.nodes.runtime;

/**
 * Durations in buckets that each are 1 % wider than the one before, from a microsecond to about
 * five minutes: quantiles within 1 % in bounded memory, however long a node runs. Not thread-safe.
 */
public final class LatencyHistogram {
  private static final double SMALLEST_MS = 1e-3;
  private static final double GROWTH = 1.01;
  private static final int BUCKETS = 2000;

  private final long[] counts = new long[BUCKETS];
  private long count;
  private double sumMs;

  /** Counts a duration; NaN (a stage that did not run) is not counted. */
  public void add(double millis) {
    if (Double.isNaN(millis)) {
      return;
    }
    double bucket = Math.log(Math.max(millis, SMALLEST_MS) / SMALLEST_MS) / Math.log(GROWTH);
    counts[(int) Math.min(BUCKETS - 1, Math.round(bucket))]++;
    count++;
    sumMs += millis;
  }

  public long count() {
    return count;
  }

  /** Mean in milliseconds; NaN if nothing was counted. */
  public double meanMs() {
    return count == 0 ? Double.NaN : sumMs / count;
  }

  /**
   * The duration that a share {@code q} of all did not exceed, milliseconds (nearest rank); NaN if
   * nothing was counted.
   */
  public double quantileMs(double q) {
    if (count == 0) {
      return Double.NaN;
    }
    long rank = Math.max(1, (long) Math.ceil(q * count));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return SMALLEST_MS * Math.pow(GROWTH, i);
      }
    }
    throw new IllegalStateException("Histogram counts %d but holds %d".formatted(count, seen));
  }
}
