package dev.parallax.kernels.cpu;

import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.VoxelRules;
import java.util.Arrays;

/**
 * What each pixel of a depth picture says about the space along its ray, and the extremes of that
 * over windows of pixels.
 *
 * <p>A pixel has a limit, the depth up to which its ray is free; a miss, how strongly it says so;
 * and a hit, how strongly it says that its end is occupied. A pixel without a usable depth has no
 * limit and no weight. A pixel that is not static has a limit, so that nothing behind it is carved
 * through a gap beside it, but no weight.
 *
 * <p>Windows are answered by sparse tables: level L holds the extreme over 2^L x 2^L pixels from
 * each position on, so that any square window takes four look-ups. Limits are kept as the bits of
 * non-negative floats, whose order is that of integers: their minima need not look for NaN.
 */
final class PixelEvidence {
  /** Widest window asked for: 2 * 15 + 1 pixels. Voxels so near that they are larger use that. */
  static final int MAX_HALF_WINDOW = 15;

  static final int TILE = 8;

  private static final int LEVELS = 5;
  private static final int PAD = MAX_HALF_WINDOW + 1;
  private static final int NO_LIMIT = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
  private static final float FULL_WEIGHT_RELATIVE_STD = 0.05f;
  private static final float HALF_WEIGHT_RELATIVE_STD = 0.1f;
  private static final float MIN_SPREAD_WEIGHT = 0.25f;

  /** A step of this share of the depth across three pixels may be a flying pixel. */
  private static final float FLYING_JUMP = 0.1f;

  private static final float FLYING_FLATNESS = 0.25f;

  int width;
  int height;
  int stride;
  int tilesX;
  int tilesY;

  /** {@code [height width]} log-odds for the voxel at the pixel's depth; 0 for none. */
  byte[] hit = new byte[0];

  /** {@code [tilesY tilesX]} over the pixels with weight: the largest limit, metres; 0 for none. */
  float[] tileMaxLimitM = new float[0];

  /**
   * {@code [tilesY tilesX]} over all pixels: smallest limit (metres), smallest and largest miss.
   */
  float[] tileMinLimitM = new float[0];

  int[] tileMinMiss = new int[0];
  int[] tileMaxMiss = new int[0];

  private final int[][] limitBits = new int[LEVELS][];
  private final int[][] miss = new int[LEVELS][];
  private float[] inverseDepth = new float[0];

  private final VoxelWorkers workers;

  PixelEvidence(VoxelWorkers workers) {
    this.workers = workers;
  }

  void read(VoxelFrame frame, VoxelRules rules, float[] depthM, float[] stdM, byte[] labels) {
    resize(frame.width, frame.height);
    workers.forRanges(width * height, 16 * width, (from, to) -> invert(depthM, from, to));
    workers.forRanges(
        tilesY,
        2,
        (from, to) -> {
          for (int tileRow = from; tileRow < to; tileRow++) {
            classifyTileRow(tileRow, rules, depthM, stdM, labels);
          }
        });
    for (int level = 1; level < LEVELS; level++) {
      int shift = 1 << (level - 1);
      int[] limitFrom = limitBits[level - 1];
      int[] limitTo = limitBits[level];
      int[] missFrom = miss[level - 1];
      int[] missTo = miss[level];
      int count = limitFrom.length - shift * stride - shift;
      workers.forRanges(
          count,
          16 * stride,
          (from, to) -> {
            windowMin(limitFrom, limitTo, from, to, shift, shift * stride);
            windowMax(missFrom, missTo, from, to, shift, shift * stride);
          });
    }
  }

  /**
   * The smallest limit of the pixels at most {@code half} from (u, v), as float bits; {@code half}
   * at most {@link #MAX_HALF_WINDOW}, the pixel inside the picture.
   */
  int minLimitBits(int u, int v, int half) {
    int edge = 2 * half + 1;
    int level = 31 - Integer.numberOfLeadingZeros(edge);
    int far = edge - (1 << level);
    int at = (v + PAD - half) * stride + u + PAD - half;
    int[] table = limitBits[level];
    int down = at + far * stride;
    return Math.min(Math.min(table[at], table[at + far]), Math.min(table[down], table[down + far]));
  }

  /** The largest miss in the largest power-of-two window that lies inside that of the limit. */
  int maxMiss(int u, int v, int half) {
    int level = 31 - Integer.numberOfLeadingZeros(2 * half + 1);
    int back = (1 << level) >> 1;
    return miss[level][(v + PAD - back) * stride + u + PAD - back];
  }

  private void resize(int newWidth, int newHeight) {
    if (newWidth == width && newHeight == height) {
      return;
    }
    width = newWidth;
    height = newHeight;
    stride = width + 2 * PAD;
    tilesX = (width + TILE - 1) / TILE;
    tilesY = (height + TILE - 1) / TILE;
    hit = new byte[width * height];
    inverseDepth = new float[width * height];
    tileMaxLimitM = new float[tilesX * tilesY];
    tileMinLimitM = new float[tilesX * tilesY];
    tileMinMiss = new int[tilesX * tilesY];
    tileMaxMiss = new int[tilesX * tilesY];
    for (int level = 0; level < LEVELS; level++) {
      limitBits[level] = new int[stride * (height + 2 * PAD)];
      miss[level] = new int[stride * (height + 2 * PAD)];
      Arrays.fill(limitBits[level], NO_LIMIT);
    }
  }

  /** NaN for what is no depth; 0 for sky. */
  private void invert(float[] depthM, int from, int to) {
    for (int i = from; i < to; i++) {
      inverseDepth[i] = depthM[i] > 0 ? 1 / depthM[i] : Float.NaN;
    }
  }

  private void classifyTileRow(
      int tileRow, VoxelRules rules, float[] depthM, float[] stdM, byte[] labels) {
    int firstV = tileRow * TILE;
    int lastV = Math.min(height, firstV + TILE);
    for (int v = firstV; v < lastV; v++) {
      for (int u = 0; u < width; u++) {
        classify(u, v, rules, depthM, stdM, labels);
      }
    }
    for (int tileX = 0; tileX < tilesX; tileX++) {
      summariseTile(tileRow * tilesX + tileX, tileX * TILE, firstV, lastV);
    }
  }

  private void summariseTile(int tile, int firstU, int firstV, int lastV) {
    int lastU = Math.min(width, firstU + TILE);
    int maxLimit = 0;
    int minLimit = NO_LIMIT;
    int minMiss = Integer.MAX_VALUE;
    int maxMiss = 0;
    for (int v = firstV; v < lastV; v++) {
      int row = (v + PAD) * stride + PAD;
      for (int at = row + firstU; at < row + lastU; at++) {
        int limit = limitBits[0][at];
        int pixelMiss = miss[0][at];
        minLimit = Math.min(minLimit, limit);
        minMiss = Math.min(minMiss, pixelMiss);
        maxMiss = Math.max(maxMiss, pixelMiss);
        maxLimit = pixelMiss > 0 ? Math.max(maxLimit, limit) : maxLimit;
      }
    }
    tileMaxLimitM[tile] = Float.intBitsToFloat(maxLimit);
    tileMinLimitM[tile] = Float.intBitsToFloat(minLimit);
    tileMinMiss[tile] = minMiss;
    tileMaxMiss[tile] = maxMiss;
  }

  private void classify(
      int u, int v, VoxelRules rules, float[] depthM, float[] stdM, byte[] labels) {
    int pixel = v * width + u;
    int at = (v + PAD) * stride + u + PAD;
    float d = depthM[pixel];
    boolean isStatic = labels[pixel] == VoxelKernels.STATIC_LABEL;
    limitBits[0][at] = NO_LIMIT;
    miss[0][at] = 0;
    hit[pixel] = 0;
    if (d == Float.POSITIVE_INFINITY) {
      if (isStatic) {
        limitBits[0][at] = Float.floatToRawIntBits((float) rules.maxRangeM());
        miss[0][at] = rules.miss();
      }
      return;
    }
    float std = stdM[pixel];
    float weight = weight(std, d, (float) rules.maxRelativeStd());
    if (weight == 0 || isFlying(u, v)) {
      return;
    }
    float limit = d - (float) rules.carveSigmas() * std;
    limitBits[0][at] =
        Float.floatToRawIntBits(Math.max(0, Math.min(limit, (float) rules.maxRangeM())));
    if (isStatic) {
      miss[0][at] = Math.round(rules.miss() * weight);
      if (d <= rules.maxRangeM()) {
        // A surface known to +-std is spread over 2 std / voxel voxels of the ray.
        float spread = (float) rules.voxelSizeM() / (2 * std);
        float share = Math.max(MIN_SPREAD_WEIGHT, Math.min(1, spread));
        hit[pixel] = (byte) Math.max(1, Math.round(rules.hit() * weight * share));
      }
    }
  }

  /** In few steps rather than smooth, so that whole blocks can share one weight. NaN gives 0. */
  private static float weight(float std, float d, float maxRelativeStd) {
    if (!(d > 0) || !(std >= 0) || !(std <= maxRelativeStd * d)) {
      return 0;
    }
    if (std <= FULL_WEIGHT_RELATIVE_STD * d) {
      return 1;
    }
    return std <= HALF_WEIGHT_RELATIVE_STD * d ? 0.5f : 0.25f;
  }

  /** Whether the pixel hangs between a near and a far surface, in a row or in a column. */
  private boolean isFlying(int u, int v) {
    int pixel = v * width + u;
    return (u >= 2 && u < width - 2 && isOnStep(pixel, 1))
        || (v >= 2 && v < height - 2 && isOnStep(pixel, width));
  }

  /**
   * On a plane inverse depth is linear in the pixel, so its slope is the same all along; on a
   * blurred edge it is steep between the pixel's neighbours and flat beyond them.
   */
  private boolean isOnStep(int pixel, int along) {
    float before = inverseDepth[pixel - along];
    float after = inverseDepth[pixel + along];
    float here = inverseDepth[pixel];
    float jump = Math.abs(after - before);
    if (!(jump > FLYING_JUMP * here)) {
      return false;
    }
    boolean between = (after - here) * (here - before) > 0;
    // Near either end it belongs to a surface; only in the middle does it belong to none.
    boolean offBoth =
        Math.min(Math.abs(after - here), Math.abs(here - before)) > FLYING_FLATNESS * jump;
    float outer =
        Math.abs(inverseDepth[pixel - 2 * along] - before)
            + Math.abs(inverseDepth[pixel + 2 * along] - after);
    return between && offBoth && outer < FLYING_FLATNESS * jump;
  }

  private static void windowMin(int[] in, int[] out, int from, int to, int right, int down) {
    int diagonal = right + down;
    for (int i = from; i < to; i++) {
      out[i] = Math.min(Math.min(in[i], in[i + right]), Math.min(in[i + down], in[i + diagonal]));
    }
  }

  private static void windowMax(int[] in, int[] out, int from, int to, int right, int down) {
    int diagonal = right + down;
    for (int i = from; i < to; i++) {
      out[i] = Math.max(Math.max(in[i], in[i + right]), Math.max(in[i + down], in[i + diagonal]));
    }
  }
}
