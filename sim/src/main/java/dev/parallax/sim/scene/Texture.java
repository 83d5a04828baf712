package dev.parallax.sim.scene;

import org.jspecify.annotations.Nullable;

/**
 * A square picture that repeats, with its mip levels: each level averages two by two texels of the
 * one below, and a lookup blends the two levels whose texels are about as large as the pixel, so
 * that what is far away fades to its mean instead of flickering (Williams 1983). Thread-safe.
 */
final class Texture {
  private static final int MAX_TAPS = 4;
  private static final int CHANNEL_MASK = 0xFFFFF;
  private static final float CHANNEL_ONE = 256;
  private static final long BYTE_LANES = 0xFF000FF000FFL;

  private volatile @Nullable Mips mips;
  private final int levelCount;
  private final Paint paint;
  private final int topSize;

  /** A colour for each place, both coordinates in [0, 1). */
  interface Paint {
    /** The colour as 0xRRGGBB. */
    int rgb(double u, double v);
  }

  /**
   * @param size texels along an edge, a power of two
   * @param paint must join up with itself at the edges if the texture is to repeat without seams
   */
  Texture(int size, Paint paint) {
    if (size < 1 || Integer.bitCount(size) != 1) {
      throw new IllegalArgumentException("Texture size must be a power of two, got " + size);
    }
    topSize = size;
    levelCount = Integer.numberOfTrailingZeros(size) + 1;
    this.paint = paint;
  }

  /** The levels, {@code [level][size size]} 0xRRGGBB. */
  private record Mips(int[][] levels) {}

  /** Painted when first looked at, so that what is never seen costs nothing. */
  private int[][] levels() {
    Mips known = mips;
    if (known == null) {
      synchronized (this) {
        known = mips;
        if (known == null) {
          known = new Mips(painted());
          mips = known;
        }
      }
    }
    return known.levels();
  }

  private int[][] painted() {
    int[][] made = new int[levelCount][];
    made[0] = new int[topSize * topSize];
    for (int y = 0; y < topSize; y++) {
      for (int x = 0; x < topSize; x++) {
        made[0][y * topSize + x] = paint.rgb((x + 0.5) / topSize, (y + 0.5) / topSize);
      }
    }
    for (int level = 1; level < levelCount; level++) {
      made[level] = halved(made[level - 1], topSize >> (level - 1));
    }
    return made;
  }

  static Texture plain(int rgb) {
    return new Texture(1, (u, v) -> rgb);
  }

  /**
   * The mean colour under a pixel.
   *
   * @param u place, in repeats of the texture; likewise {@code v}
   * @param dux change of u from this pixel to the right one; {@code duy} to the lower one
   * @param rgb receives {@code [3]} red, green, blue, 0..255
   */
  void sample(double u, double v, double dux, double dvx, double duy, double dvy, float[] rgb) {
    double lx = Math.sqrt(dux * dux + dvx * dvx);
    double ly = Math.sqrt(duy * duy + dvy * dvy);
    double major = Math.max(lx, ly);
    double minor = Math.min(lx, ly);
    double du = lx >= ly ? dux : duy;
    double dv = lx >= ly ? dvx : dvy;
    // A surface seen at a slant is averaged along its long direction by several lookups.
    int taps = minor * MAX_TAPS <= major ? MAX_TAPS : Math.max(1, (int) Math.ceil(major / minor));
    double texels = Math.max(minor, major / taps) * topSize;
    double lod = texels <= 1 ? 0 : Math.min(levelCount - 1, log2(texels));
    int level = (int) lod;
    // Blending over the middle half of each step only: most lookups then need a single level.
    float upper = (float) Math.max(0, Math.min(1, 2 * (lod - level) - 0.5));
    rgb[0] = 0;
    rgb[1] = 0;
    rgb[2] = 0;
    if (upper < 1) {
      average(level, u, v, du, dv, taps, 1 - upper, rgb);
    }
    if (upper > 0) {
      average(level + 1, u, v, du, dv, taps, upper, rgb);
    }
  }

  /** Adds the mean of some lookups along the footprint's long direction. */
  private void average(
      int level, double u, double v, double du, double dv, int taps, float weight, float[] rgb) {
    long sum = 0;
    for (int i = 0; i < taps; i++) {
      double s = (i + 0.5) / taps - 0.5;
      sum += bilinear(level, u + s * du, v + s * dv);
    }
    float scale = weight / (taps * CHANNEL_ONE);
    rgb[0] += scale * (int) (sum >>> 40);
    rgb[1] += scale * ((int) (sum >>> 20) & CHANNEL_MASK);
    rgb[2] += scale * ((int) sum & CHANNEL_MASK);
  }

  /** All three channels at once, each in its own 20 bits, as 8.8 fixed point. */
  private long bilinear(int level, double u, double v) {
    int[] texels = levels()[level];
    int size = topSize >> level;
    int mask = size - 1;
    double x = u * size - 0.5;
    double y = v * size - 0.5;
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    long fx = (long) ((x - x0) * 256);
    long fy = (long) ((y - y0) * 256);
    int left = x0 & mask;
    int right = (x0 + 1) & mask;
    int upper = (y0 & mask) * size;
    int lower = ((y0 + 1) & mask) * size;
    long above = spread(texels[upper + left]) * (256 - fx) + spread(texels[upper + right]) * fx;
    long below = spread(texels[lower + left]) * (256 - fx) + spread(texels[lower + right]) * fx;
    return ((above >>> 8) & BYTE_LANES) * (256 - fy) + ((below >>> 8) & BYTE_LANES) * fy;
  }

  /** 0xRRGGBB with a channel in each lane of 20 bits. */
  private static long spread(int texel) {
    return ((texel & 0xFF0000L) << 24) | ((texel & 0xFF00L) << 12) | (texel & 0xFFL);
  }

  private static int[] halved(int[] from, int fromSize) {
    int size = fromSize / 2;
    int[] to = new int[size * size];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int at = 2 * y * fromSize + 2 * x;
        to[y * size + x] =
            mean(from[at], from[at + 1], from[at + fromSize], from[at + fromSize + 1]);
      }
    }
    return to;
  }

  private static int mean(int a, int b, int c, int d) {
    int mean = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      int sum =
          ((a >> shift) & 255) + ((b >> shift) & 255) + ((c >> shift) & 255) + ((d >> shift) & 255);
      mean |= ((sum + 2) / 4) << shift;
    }
    return mean;
  }

  /** Logarithm to base two, linear between powers of two: enough to blend levels. */
  private static double log2(double x) {
    int exponent = Math.getExponent(x);
    return exponent + x / Math.scalb(1.0, exponent) - 1;
  }
}
