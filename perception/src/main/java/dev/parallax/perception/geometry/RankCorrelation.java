package dev.parallax.perception.geometry;

import java.util.Arrays;

/** Whether two quantities grow together, however: Spearman's rank correlation (Spearman 1904). */
public final class RankCorrelation {
  private RankCorrelation() {}

  /**
   * @param a none of the first {@code n} may be NaN; likewise {@code b}; equal values are ranked as
   *     they come
   * @return -1 to 1; NaN with fewer than two
   */
  public static double of(double[] a, double[] b, int n) {
    int[] rankA = ranks(a, n);
    int[] rankB = ranks(b, n);
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double d = rankA[i] - rankB[i];
      squares += d * d;
    }
    return n < 2 ? Double.NaN : 1 - 6 * squares / (n * ((double) n * n - 1));
  }

  private static int[] ranks(double[] values, int n) {
    double[] sorted = Arrays.copyOf(values, n);
    Arrays.sort(sorted);
    int[] taken = new int[n];
    int[] ranks = new int[n];
    for (int i = 0; i < n; i++) {
      int first = firstOf(sorted, values[i]);
      ranks[i] = first + taken[first]++;
    }
    return ranks;
  }

  private static int firstOf(double[] sorted, double value) {
    int at = Arrays.binarySearch(sorted, value);
    while (at > 0 && sorted[at - 1] == value) {
      at--;
    }
    return at;
  }
}
