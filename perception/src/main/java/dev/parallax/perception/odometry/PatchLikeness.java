package dev.parallax.perception.odometry;

/** Compares patches of two pictures, whatever their brightness and contrast. Agent thread only. */
final class PatchLikeness {
  private final int width;
  private final int height;
  private final int radiusPx;

  /**
   * @param width of the pictures; likewise {@code height}
   * @param radiusPx of a patch, which has {@code 2 radiusPx + 1} pixels a side
   */
  PatchLikeness(int width, int height, int radiusPx) {
    this.width = width;
    this.height = height;
    this.radiusPx = radiusPx;
  }

  /**
   * Normalised cross-correlation of the patches about two pixels, -1 to 1; 0 where one of them is
   * all the same.
   *
   * @param a {@code [height width]} grey levels; likewise {@code b}
   */
  double correlation(byte[] a, float ua, float va, byte[] b, float ub, float vb) {
    int n = 0;
    double sumA = 0;
    double sumB = 0;
    double sumAa = 0;
    double sumBb = 0;
    double sumAb = 0;
    for (int dy = -radiusPx; dy <= radiusPx; dy++) {
      for (int dx = -radiusPx; dx <= radiusPx; dx++) {
        double p = at(a, ua + dx, va + dy);
        double q = at(b, ub + dx, vb + dy);
        sumA += p;
        sumB += q;
        sumAa += p * p;
        sumBb += q * q;
        sumAb += p * q;
        n++;
      }
    }
    double spread = (sumAa - sumA * sumA / n) * (sumBb - sumB * sumB / n);
    return spread > 1e-6 ? (sumAb - sumA * sumB / n) / Math.sqrt(spread) : 0;
  }

  /** Bilinear, clamped to the picture. */
  private double at(byte[] grey, float u, float v) {
    float x = Math.min(Math.max(u, 0), width - 1.001f);
    float y = Math.min(Math.max(v, 0), height - 1.001f);
    int x0 = (int) x;
    int y0 = (int) y;
    float fx = x - x0;
    float fy = y - y0;
    int k = y0 * width + x0;
    double top = (1 - fx) * (grey[k] & 0xff) + fx * (grey[k + 1] & 0xff);
    double bottom = (1 - fx) * (grey[k + width] & 0xff) + fx * (grey[k + width + 1] & 0xff);
    return (1 - fy) * top + fy * bottom;
  }
}
