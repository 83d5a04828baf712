package dev.parallax.kernels.cpu;

import java.util.Arrays;

/**
 * Chooses the strongest of many points so that they are spread over the picture: every cell of a
 * grid gives its best, then its second best, and so on until enough are chosen.
 */
final class SpreadChoice {
  /**
   * Cells that share one wanted point between them are too small, ones that share many too coarse.
   */
  private static final int POINTS_PER_CELL = 4;

  private static final int INDEX_BITS = 18;
  private static final int CELL_BITS = 63 - Integer.SIZE - INDEX_BITS;

  private final int width;
  private final int height;
  private final float[] uv;
  private final float[] response;

  /**
   * @param uv {@code [n 2]} pixels
   * @param response {@code [n]} strength, larger is better
   */
  SpreadChoice(int width, int height, float[] uv, float[] response) {
    this.width = width;
    this.height = height;
    this.uv = uv;
    this.response = response;
  }

  /**
   * Indices of at most {@code wanted} points, ascending. Equal points are taken in their order.
   *
   * @throws IllegalArgumentException if more are wanted, or there are more, than a key has room for
   */
  int[] best(int wanted) {
    if (response.length <= wanted) {
      return ascending(response.length);
    }
    double cellPx = Math.sqrt((double) width * height * POINTS_PER_CELL / wanted);
    int columns = (int) Math.ceil(width / cellPx);
    int cells = columns * (int) Math.ceil(height / cellPx);
    if (cells > 1 << CELL_BITS || response.length > 1 << INDEX_BITS) {
      throw new IllegalArgumentException(
          "Too many points: %d wanted of %d".formatted(wanted, response.length));
    }
    long[] keys = new long[response.length];
    for (int i = 0; i < keys.length; i++) {
      int column = Math.min((int) (uv[2 * i] / cellPx), columns - 1);
      int row = Math.min((int) (uv[2 * i + 1] / cellPx), cells / columns - 1);
      keys[i] = key(row * columns + column, response[i], i);
    }
    Arrays.sort(keys);
    return firstOfEach(keys, cells, wanted);
  }

  /** Sorts by cell, within it from the strongest to the weakest, then by index. */
  private static long key(int cell, float response, int index) {
    int bits = Float.floatToIntBits(response);
    int falling = ~(bits ^ (bits >> 31 | 0x80000000));
    return ((long) cell << Integer.SIZE | falling & 0xffffffffL) << INDEX_BITS | index;
  }

  private static int[] firstOfEach(long[] keys, int cells, int wanted) {
    int[] begin = new int[cells + 1];
    for (long key : keys) {
      begin[(int) (key >> (Integer.SIZE + INDEX_BITS)) + 1]++;
    }
    for (int c = 0; c < cells; c++) {
      begin[c + 1] += begin[c];
    }
    int[] chosen = new int[wanted];
    int n = 0;
    for (int rank = 0; n < wanted; rank++) {
      for (int c = 0; c < cells && n < wanted; c++) {
        if (begin[c] + rank < begin[c + 1]) {
          chosen[n++] = (int) (keys[begin[c] + rank] & ((1 << INDEX_BITS) - 1));
        }
      }
    }
    Arrays.sort(chosen);
    return chosen;
  }

  private static int[] ascending(int n) {
    int[] all = new int[n];
    Arrays.setAll(all, i -> i);
    return all;
  }
}
