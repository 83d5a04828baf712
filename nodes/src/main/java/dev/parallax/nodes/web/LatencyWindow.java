package dev.parallax.nodes.web;

import java.util.Arrays;

/**
 * The last few hundred durations of one stage: the page shows how it is now, where the ledger's
 * histogram tells of the whole run. Not thread-safe.
 */
final class LatencyWindow {
  private final double[] ms;
  private int next;
  private int count;

  LatencyWindow(int capacity) {
    ms = new double[capacity];
  }

  void add(double milliseconds) {
    ms[next] = milliseconds;
    next = (next + 1) % ms.length;
    count = Math.min(count + 1, ms.length);
  }

  boolean isEmpty() {
    return count == 0;
  }

  double last() {
    return ms[(next + ms.length - 1) % ms.length];
  }

  /** The given percentiles (0..1) by nearest rank, of what the window holds. */
  double[] percentiles(double... ranks) {
    double[] sorted = Arrays.copyOf(ms, count);
    Arrays.sort(sorted);
    double[] out = new double[ranks.length];
    for (int i = 0; i < ranks.length; i++) {
      out[i] = count == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(ranks[i] * count) - 1)];
    }
    return out;
  }
}
