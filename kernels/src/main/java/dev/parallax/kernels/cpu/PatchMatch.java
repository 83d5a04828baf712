package dev.parallax.kernels.cpu;

import dev.parallax.kernels.Shape;

/** How well a displacement explains two pictures around a pixel. */
final class PatchMatch {
  private static final int STEP = 2;

  private final int radius;
  private final int width;
  private final int height;
  private final byte[] current;
  private final byte[] previous;

  /**
   * @param radius half a patch's edge, pixels; every second pixel is compared
   */
  PatchMatch(Shape picture, byte[] current, byte[] previous, int radius) {
    this.radius = radius;
    width = picture.width();
    height = picture.height();
    this.current = current;
    this.previous = previous;
  }

  /**
   * Mean absolute grey difference between the patch at a pixel of the current picture and the patch
   * displaced by (du, dv) in the previous one; NaN where either leaves its picture.
   */
  float difference(int u, int v, float du, float dv) {
    float x = u + du;
    float y = v + dv;
    int endU = width - radius;
    int endV = height - radius;
    boolean startsInside = u >= radius && v >= radius && u < endU && v < endV;
    // Written so that NaN and what no integer holds are outside.
    boolean endsInside = x >= radius && y >= radius && x < endU - 1 && y < endV - 1;
    if (!startsInside || !endsInside) {
      return Float.NaN;
    }
    int x0 = (int) x;
    int y0 = (int) y;
    float fx = x - x0;
    float fy = y - y0;
    float sum = 0;
    int count = 0;
    for (int b = -radius; b <= radius; b += STEP) {
      int i = (v + b) * width + u;
      int j = (y0 + b) * width + x0;
      for (int a = -radius; a <= radius; a += STEP) {
        int k = j + a;
        float top = (1 - fx) * (previous[k] & 0xff) + fx * (previous[k + 1] & 0xff);
        float bottom =
            (1 - fx) * (previous[k + width] & 0xff) + fx * (previous[k + width + 1] & 0xff);
        sum += Math.abs((current[i + a] & 0xff) - ((1 - fy) * top + fy * bottom));
        count++;
      }
    }
    return sum / count;
  }
}
