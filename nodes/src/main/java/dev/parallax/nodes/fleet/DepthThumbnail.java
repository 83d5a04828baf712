package dev.parallax.nodes.fleet;

import java.util.Arrays;

/**
 * A small picture of depth.
 *
 * @param levels {@code [height width]}: 0 unknown, else 1 (near) to 255 (far) evenly in the
 *     logarithm of depth, from the 2nd to the 98th percentile
 */
public record DepthThumbnail(int width, int height, byte[] levels) {
  private static final int MOST_COLUMNS = 160;
  private static final int LEVELS = 254;

  /**
   * @param depthM {@code [height width]} any unit, NaN where unknown
   */
  public static DepthThumbnail of(int width, int height, float[] depthM) {
    int step = Math.max(1, (width + MOST_COLUMNS - 1) / MOST_COLUMNS);
    int columns = width / step;
    int rows = height / step;
    float[] thin = new float[columns * rows];
    for (int i = 0; i < thin.length; i++) {
      thin[i] = depthM[(i / columns * step + step / 2) * width + i % columns * step + step / 2];
    }
    return new DepthThumbnail(columns, rows, levels(thin));
  }

  private static byte[] levels(float[] depth) {
    float[] known = new float[depth.length];
    int n = 0;
    for (float d : depth) {
      if (d > 0 && Float.isFinite(d)) {
        known[n++] = d;
      }
    }
    byte[] levels = new byte[depth.length];
    if (n == 0) {
      return levels;
    }
    Arrays.sort(known, 0, n);
    double near = Math.log(known[(int) (0.02 * (n - 1))]);
    double far = Math.max(Math.log(known[(int) (0.98 * (n - 1))]), near + 1e-6);
    for (int i = 0; i < depth.length; i++) {
      if (depth[i] > 0) {
        double t = (Math.log(depth[i]) - near) / (far - near);
        levels[i] = (byte) (1 + Math.round(LEVELS * Math.max(0, Math.min(1, t))));
      }
    }
    return levels;
  }
}
