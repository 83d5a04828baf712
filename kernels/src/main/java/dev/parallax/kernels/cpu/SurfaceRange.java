package dev.parallax.kernels.cpu;

import java.util.Arrays;

/**
 * How far apart the inverse depths around each pixel lie: the largest less the smallest over a
 * square window, of what is known well enough. First along rows, then along columns.
 */
final class SurfaceRange {
  /** Depth less sure than this says nothing of where surfaces are. */
  private static final float SURE_RELATIVE_STD = 0.3f;

  private static final float NO_LEAST = Float.POSITIVE_INFINITY;
  private static final float NO_MOST = 0;

  private final int width;
  private final int height;
  private final float[][] leastOfRow; // over the window along the row
  private final float[][] mostOfRow;

  SurfaceRange(int width, int height) {
    this.width = width;
    this.height = height;
    leastOfRow = new float[height][width];
    mostOfRow = new float[height][width];
  }

  boolean fits(int otherWidth, int otherHeight) {
    return width == otherWidth && height == otherHeight;
  }

  /** First step: extremes along rows. */
  void alongRows(float[] rho, float[] variance, int reach, int begin, int end) {
    float limit = SURE_RELATIVE_STD * SURE_RELATIVE_STD;
    // What lies beyond the row's ends is not known.
    float[] least = new float[reach + width + reach];
    float[] most = new float[reach + width + reach];
    float[] shifted = new float[width];
    Arrays.fill(least, NO_LEAST);
    for (int v = begin; v < end; v++) {
      int row = v * width;
      for (int u = 0; u < width; u++) {
        float r = rho[row + u];
        boolean isSure = r > 0 && variance[row + u] <= limit * r * r;
        least[reach + u] = isSure ? r : NO_LEAST;
        most[reach + u] = isSure ? r : NO_MOST;
      }
      System.arraycopy(least, 0, leastOfRow[v], 0, width);
      System.arraycopy(most, 0, mostOfRow[v], 0, width);
      for (int step = 1; step <= 2 * reach; step++) {
        System.arraycopy(least, step, shifted, 0, width);
        takeLeast(leastOfRow[v], shifted);
        System.arraycopy(most, step, shifted, 0, width);
        takeMost(mostOfRow[v], shifted);
      }
    }
  }

  private static void takeLeast(float[] least, float[] values) {
    for (int i = 0; i < least.length; i++) {
      least[i] = Math.min(least[i], values[i]);
    }
  }

  private static void takeMost(float[] most, float[] values) {
    for (int i = 0; i < most.length; i++) {
      most[i] = Math.max(most[i], values[i]);
    }
  }

  /**
   * Second step, once all rows are done: the range of the windows around a row's pixels.
   *
   * @param least {@code [width]} scratch
   * @param most {@code [width]} scratch
   * @param range {@code [width]} receives the range; 0 where nothing is known well enough
   */
  void ofRow(int v, int reach, float[] least, float[] most, float[] range) {
    Arrays.fill(least, NO_LEAST);
    Arrays.fill(most, NO_MOST);
    int last = Math.min(height - 1, v + reach);
    for (int other = Math.max(0, v - reach); other <= last; other++) {
      takeLeast(least, leastOfRow[other]);
      takeMost(most, mostOfRow[other]);
    }
    for (int u = 0; u < width; u++) {
      range[u] = most[u] > NO_MOST ? most[u] - least[u] : 0;
    }
  }
}
