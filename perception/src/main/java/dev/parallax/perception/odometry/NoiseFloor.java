package dev.parallax.perception.odometry;

import java.util.Arrays;

/**
 * Tells texture from a sensor's noise, which looks like corners where there is nothing else. The
 * noise is read off the flattest quarter of the picture (the Laplacian mask of Immerkaer 1996, a
 * quantile in place of the mean); a patch stands out if its grey levels change in every direction
 * by more than noise would make them. Agent thread only.
 */
final class NoiseFloor {
  /** The mask's gain on white noise, and the quartile of a normal variable's magnitude. */
  private static final double MASK_GAIN = 6;

  private static final double LOWER_QUARTILE = 0.3186;

  /** Of the mask's answer to grey levels of 0 and 255. */
  private static final int MAX_MAGNITUDE = 8 * 255;

  private static final int SAMPLE_STRIDE = 5;
  private static final int PATCH_RADIUS_PX = 5;

  /** Over what noise alone gives to the smaller eigenvalue of a patch's mean squared gradient. */
  private static final double MIN_OVER_NOISE = 4;

  private final int width;
  private final int height;
  private final int[] histogram = new int[MAX_MAGNITUDE + 1];
  private byte[] grey = new byte[0];
  private double noiseVariance;

  NoiseFloor(int width, int height) {
    this.width = width;
    this.height = height;
  }

  /**
   * @param picture {@code [height width]} grey levels, kept until the next one
   */
  void read(byte[] picture) {
    grey = picture;
    int n = 0;
    Arrays.fill(histogram, 0);
    for (int v = 1; v < height - 1; v++) {
      for (int u = 1 + v % SAMPLE_STRIDE; u < width - 1; u += SAMPLE_STRIDE) {
        histogram[Math.abs(laplacian(u, v))]++;
        n++;
      }
    }
    int quartile = 0;
    for (int below = histogram[0]; below <= n / 4 && quartile < MAX_MAGNITUDE; ) {
      below += histogram[++quartile];
    }
    double noise = n == 0 ? 0 : quartile / (MASK_GAIN * LOWER_QUARTILE);
    noiseVariance = noise * noise;
  }

  private int laplacian(int u, int v) {
    return at(u - 1, v - 1)
        + at(u + 1, v - 1)
        + at(u - 1, v + 1)
        + at(u + 1, v + 1)
        - 2 * (at(u, v - 1) + at(u - 1, v) + at(u + 1, v) + at(u, v + 1))
        + 4 * at(u, v);
  }

  private int at(int u, int v) {
    return grey[v * width + u] & 0xff;
  }

  /** Whether the patch about a pixel, not nearer to the border than its radius, is no noise. */
  boolean standsOut(float u, float v) {
    int cu = Math.max(PATCH_RADIUS_PX + 1, Math.min(width - PATCH_RADIUS_PX - 2, Math.round(u)));
    int cv = Math.max(PATCH_RADIUS_PX + 1, Math.min(height - PATCH_RADIUS_PX - 2, Math.round(v)));
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int y = cv - PATCH_RADIUS_PX; y <= cv + PATCH_RADIUS_PX; y++) {
      for (int x = cu - PATCH_RADIUS_PX; x <= cu + PATCH_RADIUS_PX; x++) {
        double gx = (at(x + 1, y) - at(x - 1, y)) / 2.0;
        double gy = (at(x, y + 1) - at(x, y - 1)) / 2.0;
        xx += gx * gx;
        xy += gx * gy;
        yy += gy * gy;
      }
    }
    int side = 2 * PATCH_RADIUS_PX + 1;
    double smaller = ((xx + yy) / 2 - Math.hypot((xx - yy) / 2, xy)) / (side * side);
    // Central differences halve the noise's variance.
    return smaller >= MIN_OVER_NOISE * noiseVariance / 2;
  }
}
