package dev.parallax.sim.eval.depth;

/**
 * Counts positive values in bins of equal ratio, each with the sum of another quantity, in fixed
 * memory: the quantiles of a clip of any length, to half a per mille.
 */
final class LogHistogram {
  private static final double LEAST = 1e-9;
  private static final double MOST = 1e9;
  private static final double BIN_LOG = 1e-3;
  private static final int BINS = (int) Math.ceil(Math.log(MOST / LEAST) / BIN_LOG);

  private final long[] counts = new long[BINS];
  private final double[] sums = new double[BINS];
  private long total;

  /** Adds a value; outside 1e-9..1e9 it counts as that limit. */
  void add(double value) {
    add(value, 0);
  }

  /** Adds a value and, to its bin's sum, what goes with it. */
  void add(double value, double carried) {
    int bin = (int) (Math.log(value / LEAST) / BIN_LOG);
    int clamped = Math.max(0, Math.min(BINS - 1, bin));
    counts[clamped]++;
    sums[clamped] += carried;
    total++;
  }

  long total() {
    return total;
  }

  /** The value below which a share of all lie, NaN if there are none. */
  double quantile(double share) {
    if (total == 0) {
      return Double.NaN;
    }
    double wanted = share * total;
    long below = 0;
    for (int bin = 0; bin < BINS; bin++) {
      if (counts[bin] > 0 && below + counts[bin] >= wanted) {
        double within = (wanted - below) / counts[bin];
        return LEAST * Math.exp((bin + within) * BIN_LOG);
      }
      below += counts[bin];
    }
    return MOST;
  }

  /** Mean of what was carried by the smallest values, a share of all; NaN if there are none. */
  double meanCarriedBySmallest(double share) {
    double wanted = share * total;
    double taken = 0;
    double sum = 0;
    for (int bin = 0; bin < BINS && taken < wanted; bin++) {
      if (counts[bin] > 0) {
        double part = Math.min(1, (wanted - taken) / counts[bin]);
        taken += part * counts[bin];
        sum += part * sums[bin];
      }
    }
    return sum / taken;
  }
}
