package dev.parallax.nodes.runtime;

import java.util.Arrays;

/**
 * The last few hundred values of a figure, such as the time that a stage takes: how it is now,
 * where the ledger's histogram tells of the whole run. Not thread-safe.
 */
public final class LatencyWindow {
  private final double[] ms;
  private int next;
  private int count;

  public LatencyWindow(int capacity) {
    ms = new double[capacity];
  }

  public void add(double milliseconds) {
    ms[next] = milliseconds;
    next = (next + 1) % ms.length;
    count = Math.min(count + 1, ms.length);
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public double last() {
    return ms[(next + ms.length - 1) % ms.length];
  }

  /** The given percentiles (0..1) by nearest rank, of what the window holds; NaN when empty. */
  public double[] percentiles(double... ranks) {
    double[] sorted = Arrays.copyOf(ms, count);
    Arrays.sort(sorted);
    double[] out = new double[ranks.length];
    for (int i = 0; i < ranks.length; i++) {
      out[i] = count == 0 ? Double.NaN : sorted[Math.max(0, (int) Math.ceil(ranks[i] * count) - 1)];
    }
    return out;
  }
}
