package dev.parallax.perception.geometry;

/** Medians and their like without sorting: selection by partition (Hoare 1961). */
public final class OrderStatistic {
  /** Of a normal distribution: its standard deviation over its median absolute deviation. */
  public static final double STD_OVER_MAD = 1.4826;

  private OrderStatistic() {}

  /**
   * The upper median; reorders the values.
   *
   * @param values none of the first {@code n} may be NaN
   * @throws IllegalArgumentException if there are no values
   */
  public static double median(double[] values, int n) {
    return select(values, n, n / 2);
  }

  /**
   * The value that would stand at place {@code k} if the first {@code n} were sorted. Reorders
   * them: before place {@code k} none is larger, behind it none smaller.
   *
   * @param values none of the first {@code n} may be NaN
   * @throws IllegalArgumentException if {@code k} is not a place among the first {@code n} values
   */
  public static double select(double[] values, int n, int k) {
    if (k < 0 || k >= n || n > values.length) {
      throw new IllegalArgumentException(
          "No place %d among %d of %d values".formatted(k, n, values.length));
    }
    int low = 0;
    int high = n - 1;
    while (low < high) {
      double pivot = middle(values[low], values[(low + high) >>> 1], values[high]);
      int i = low;
      int j = high;
      while (i <= j) {
        while (values[i] < pivot) {
          i++;
        }
        while (values[j] > pivot) {
          j--;
        }
        if (i <= j) {
          double swap = values[i];
          values[i++] = values[j];
          values[j--] = swap;
        }
      }
      if (k <= j) {
        high = j;
      } else if (k >= i) {
        low = i;
      } else {
        break;
      }
    }
    return values[k];
  }

  private static double middle(double a, double b, double c) {
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
