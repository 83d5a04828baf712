package dev.parallax.sim.scene;

/**
 * A square picture that repeats, with its mip levels: each level averages two by two texels of the
 * one below, and a lookup blends the two levels whose texels are about as large as the pixel, so
 * that what is far away fades to its mean instead of flickering (Williams 1983). Immutable once
 * made.
 */
final class Texture {
  private static final int MAX_TAPS = 4;

  private final int[][] levels; // [level][size size] 0xRRGGBB
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
    levels = new int[Integer.numberOfTrailingZeros(size) + 1][];
    levels[0] = new int[size * size];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        levels[0][y * size + x] = paint.rgb((x + 0.5) / size, (y + 0.5) / size);
      }
    }
    for (int level = 1; level < levels.length; level++) {
      levels[level] = halved(levels[level - 1], size >> (level - 1));
    }
  }

  static Texture plain(int rgb) {
    return new Texture(1, (u, v) -> rgb);
  }

  /**
   * The mean colour under a pixel, added with a weight of one to {@code rgb}.
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
    rgb[0] = 0;
    rgb[1] = 0;
    rgb[2] = 0;
    double lod = texels <= 1 ? 0 : Math.min(levels.length - 1, log2(texels));
    int level = (int) lod;
    float upper = (float) (lod - level);
    float weight = 1f / taps;
    for (int i = 0; i < taps; i++) {
      double s = (i + 0.5) / taps - 0.5;
      bilinear(level, u + s * du, v + s * dv, weight * (1 - upper), rgb);
      if (upper > 0) {
        bilinear(level + 1, u + s * du, v + s * dv, weight * upper, rgb);
      }
    }
  }

  private void bilinear(int level, double u, double v, float weight, float[] rgb) {
    int[] texels = levels[level];
    int size = topSize >> level;
    int mask = size - 1;
    double x = u * size - 0.5;
    double y = v * size - 0.5;
    int x0 = (int) Math.floor(x);
    int y0 = (int) Math.floor(y);
    float fx = (float) (x - x0);
    float fy = (float) (y - y0);
    int left = x0 & mask;
    int right = (x0 + 1) & mask;
    int upper = (y0 & mask) * size;
    int lower = ((y0 + 1) & mask) * size;
    add(texels[upper + left], weight * (1 - fx) * (1 - fy), rgb);
    add(texels[upper + right], weight * fx * (1 - fy), rgb);
    add(texels[lower + left], weight * (1 - fx) * fy, rgb);
    add(texels[lower + right], weight * fx * fy, rgb);
  }

  private static void add(int texel, float weight, float[] rgb) {
    rgb[0] += weight * ((texel >> 16) & 255);
    rgb[1] += weight * ((texel >> 8) & 255);
    rgb[2] += weight * (texel & 255);
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
