package dev.parallax.nodes.source;

import dev.parallax.perception.frame.Timestamp;
import java.util.Arrays;

/**
 * Readings in the order of time, each a row of numbers in columns; the older half goes when there
 * are more than are wanted. One thread at a time.
 */
final class TimedRows {
  private static final int FIRST_CAPACITY = 256;

  private final int most;
  private final int[] widths;
  private final double[][] columns;
  private long[] nanos = new long[FIRST_CAPACITY];
  private int count;
  private long outOfOrder;

  /**
   * @param most how many rows are kept
   * @param widths of each column, how many numbers a row has in it
   */
  TimedRows(int most, int... widths) {
    if (most < 2) {
      throw new IllegalArgumentException("A log keeps at least 2 readings, got " + most);
    }
    this.most = most;
    this.widths = widths.clone();
    columns = new double[widths.length][];
    for (int k = 0; k < widths.length; k++) {
      columns[k] = new double[widths[k] * FIRST_CAPACITY];
    }
  }

  /** How many rows are kept. */
  int count() {
    return count;
  }

  /** How many readings were not after the one before. */
  long outOfOrder() {
    return outOfOrder;
  }

  /**
   * Adds a row, whose numbers are then to be written; one that is not after the last is left out
   * and counted.
   *
   * @return whether it was added
   */
  boolean append(Timestamp stamp) {
    if (count > 0 && stamp.nanos() <= nanos[count - 1]) {
      outOfOrder++;
      return false;
    }
    makeRoom();
    nanos[count++] = stamp.nanos();
    return true;
  }

  /** Nanoseconds of a row. */
  long nanos(int row) {
    return nanos[row];
  }

  /**
   * {@code [n width]} a column, of which {@link #count} rows are in use; until the next is added.
   */
  double[] column(int k) {
    return columns[k];
  }

  /** {@code [rows]} nanoseconds of the rows {@code [begin, end)}. */
  long[] nanos(int begin, int end) {
    return Arrays.copyOfRange(nanos, begin, end);
  }

  /** {@code [rows width]} what a column holds of the rows {@code [begin, end)}. */
  double[] column(int k, int begin, int end) {
    return Arrays.copyOfRange(columns[k], widths[k] * begin, widths[k] * end);
  }

  /** The first row that is not before a time; {@link #count} if there is none. */
  int firstNotBefore(long time) {
    int found = Arrays.binarySearch(nanos, 0, count, time);
    return found >= 0 ? found : -found - 1;
  }

  private void makeRoom() {
    if (count == most) {
      keepFrom(count / 2);
    }
    if (count == nanos.length) {
      int larger = Math.min(most, 2 * count);
      nanos = Arrays.copyOf(nanos, larger);
      for (int k = 0; k < widths.length; k++) {
        columns[k] = Arrays.copyOf(columns[k], widths[k] * larger);
      }
    }
  }

  private void keepFrom(int from) {
    System.arraycopy(nanos, from, nanos, 0, count - from);
    for (int k = 0; k < widths.length; k++) {
      System.arraycopy(columns[k], widths[k] * from, columns[k], 0, widths[k] * (count - from));
    }
    count -= from;
  }
}
