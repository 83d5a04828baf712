package dev.parallax.kernels.cpu;

import java.util.Arrays;

/**
 * How far apart the inverse depths around each pixel lie: the largest less the smallest over a
 * square window, of what is known well enough. First along rows, then along columns.
 *
 * <p>Inverse depths are kept as the bits of positive floats, whose order is that of integers,
 * because integer extremes vectorise.
 */
final class SurfaceRange {
  /** Depth less sure than this says nothing of where surfaces are. */
  private static final float SURE_RELATIVE_STD = 0.3f;

  private static final int NO_LEAST = Integer.MAX_VALUE;
  private static final int NO_MOST = 0;

  private final int width;
  private final int height;
  private final int[] known; // bits of the inverse depth, 0 where it is not known
  private final int[] least;
  private final int[] most;

  SurfaceRange(int width, int height) {
    this.width = width;
    this.height = height;
    known = new int[width * height];
    least = new int[width * height];
    most = new int[width * height];
  }

  boolean fits(int otherWidth, int otherHeight) {
    return width == otherWidth && height == otherHeight;
  }

  /** First step: extremes along rows. */
  void alongRows(float[] rho, float[] variance, int reach, int begin, int end) {
    float limit = SURE_RELATIVE_STD * SURE_RELATIVE_STD;
    for (int v = begin; v < end; v++) {
      int row = v * width;
      for (int i = row; i < row + width; i++) {
        boolean isSure = rho[i] > 0 && variance[i] <= limit * rho[i] * rho[i];
        known[i] = isSure ? Float.floatToRawIntBits(rho[i]) : NO_MOST;
        most[i] = known[i];
        least[i] = isSure ? known[i] : NO_LEAST;
      }
      for (int k = 1; k <= Math.min(reach, width - 1); k++) {
        take(row + k, row, width - k);
        take(row, row + k, width - k);
      }
    }
  }

  /** Takes {@code n} of {@link #known} at {@code from} into the extremes at {@code at}. */
  private void take(int at, int from, int n) {
    for (int i = 0; i < n; i++) {
      int value = known[from + i];
      most[at + i] = Math.max(most[at + i], value);
      least[at + i] = Math.min(least[at + i], value == NO_MOST ? NO_LEAST : value);
    }
  }

  /**
   * Second step, once all rows are done: the range of the windows around a row's pixels.
   *
   * @param bits {@code [2 width]} scratch
   * @param range {@code [width]} receives the range; 0 where nothing is known well enough
   */
  void ofRow(int v, int reach, int[] bits, float[] range) {
    Arrays.fill(bits, 0, width, NO_LEAST);
    Arrays.fill(bits, width, 2 * width, NO_MOST);
    int first = Math.max(0, v - reach);
    int last = Math.min(height - 1, v + reach);
    for (int other = first; other <= last; other++) {
      int row = other * width;
      for (int u = 0; u < width; u++) {
        bits[u] = Math.min(bits[u], least[row + u]);
        bits[width + u] = Math.max(bits[width + u], most[row + u]);
      }
    }
    for (int u = 0; u < width; u++) {
      boolean isKnown = bits[width + u] != NO_MOST;
      range[u] =
          isKnown ? Float.intBitsToFloat(bits[width + u]) - Float.intBitsToFloat(bits[u]) : 0;
    }
  }
}
