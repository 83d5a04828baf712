package dev.parallax.kernels.cpu;

import java.util.Arrays;

/**
 * The patches around a row of samples, and what they say against its depth, see {@link PatchDoubt}.
 * In short loops for the reason told at {@link RestingRow}. One a thread.
 */
final class PatchRow {
  /** What differs by this much may be the sensor's noise; squared grey levels. */
  private static final float NOISE = 9;

  /** Added to variances before exposures are told from them, squared grey levels. */
  private static final float FLAT = 4;

  /** Exposure changes by no more between the pictures. */
  private static final float MAX_GAIN = 1.4f;

  /** With less parallax depth shifts nothing. */
  private static final float MIN_PARALLAX_PX = 0.1f;

  /** Sums over a patch: samples, grey here and there, their products, squared slope. */
  private static final int SUMS = 7;

  private final int width;
  private final float[][] columns;
  private final float[][] sums;
  private final float[] shifted;
  private final float[] varianceHere;
  private final float[] varianceThere;
  private final float[] gain;

  /** Of {@link #weigh}: {@code [w]} NaN where nothing was seen. */
  final float[] relativeStd;

  PatchRow(int width) {
    this.width = width;
    columns = new float[SUMS][width];
    sums = new float[SUMS][width];
    shifted = new float[width];
    varianceHere = new float[width];
    varianceThere = new float[width];
    gain = new float[width];
    relativeStd = new float[width];
  }

  void clear() {
    for (float[] column : columns) {
      Arrays.fill(column, 0);
    }
  }

  /** Adds a row of samples to the columns. */
  void add(float[] isSeen, float[] here, float[] there, float[] slope) {
    add(columns[0], isSeen);
    add(columns[1], here);
    add(columns[2], there);
    addProducts(columns[3], here, here);
    addProducts(columns[4], there, there);
    addProducts(columns[5], here, there);
    addProducts(columns[6], slope, slope);
  }

  private static void add(float[] sum, float[] values) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = sum[i] + values[i];
    }
  }

  private static void addProducts(float[] sum, float[] a, float[] b) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] = sum[i] + a[i] * b[i];
    }
  }

  /** Sums the columns of each sample's patch. */
  void sum(int reach) {
    int furthest = Math.min(reach, width - 1);
    for (int k = 0; k < SUMS; k++) {
      Arrays.fill(sums[k], 0);
      for (int step = -furthest; step <= furthest; step++) {
        Arrays.fill(shifted, 0);
        int from = Math.max(0, step);
        System.arraycopy(columns[k], from, shifted, from - step, width - Math.abs(step));
        add(sums[k], shifted);
      }
    }
  }

  /** How many samples of a patch are seen. */
  float seen(int u) {
    return sums[0][u];
  }

  /**
   * Finds how far off depth may be, as a share of it.
   *
   * @param parallaxPx {@code [w]} that the whole inverse depth makes
   */
  void weigh(float[] parallaxPx) {
    variance(sums[0], sums[1], sums[3], varianceHere);
    variance(sums[0], sums[2], sums[4], varianceThere);
    exposure(varianceHere, varianceThere, gain);
    differences(sums[5], sums[0], sums[1], sums[2]);
    perPixel(sums[6], sums[0]);
    for (int u = 0; u < width; u++) {
      relativeStd[u] = relativeStd[u] / Math.max(parallaxPx[u], MIN_PARALLAX_PX);
    }
  }

  private static void variance(float[] n, float[] sum, float[] squares, float[] out) {
    for (int u = 0; u < out.length; u++) {
      float mean = sum[u] / n[u];
      out[u] = Math.max(squares[u] / n[u] - mean * mean, 0);
    }
  }

  private static void exposure(float[] here, float[] there, float[] gain) {
    for (int u = 0; u < gain.length; u++) {
      gain[u] = (float) Math.sqrt((here[u] + FLAT) / (there[u] + FLAT));
    }
    for (int u = 0; u < gain.length; u++) {
      gain[u] = Math.min(MAX_GAIN, Math.max(1 / MAX_GAIN, gain[u]));
    }
  }

  /** Mean squared difference of the grey levels, the exposure's change left out. */
  private void differences(float[] products, float[] n, float[] here, float[] there) {
    for (int u = 0; u < width; u++) {
      float meanHere = here[u] / n[u];
      float meanThere = there[u] / n[u];
      relativeStd[u] = products[u] / n[u] - meanHere * meanThere;
    }
    for (int u = 0; u < width; u++) {
      float g = gain[u];
      relativeStd[u] =
          Math.max(varianceHere[u] + g * g * varianceThere[u] - 2 * g * relativeStd[u], 0);
    }
  }

  /** From grey levels to picture pixels along what depth shifts. */
  private void perPixel(float[] slopes, float[] n) {
    for (int u = 0; u < width; u++) {
      float perPixel = gain[u] * gain[u] * (slopes[u] / n[u]) + NOISE;
      relativeStd[u] = (float) Math.sqrt(relativeStd[u] / perPixel);
    }
  }
}
