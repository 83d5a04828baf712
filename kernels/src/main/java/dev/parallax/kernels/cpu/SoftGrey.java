package dev.parallax.kernels.cpu;

import dev.parallax.kernels.Shape;

/**
 * A picture smoothed by (1 2 1)/4 both ways, and its slopes, anywhere in it: the sixteen pixels
 * around a place, weighted. One a thread; the fields hold the last answer.
 */
final class SoftGrey {
  private final int width;
  private final int height;
  private final byte[] grey;

  float value;

  /** Grey levels a pixel; likewise {@link #perV}. */
  float perU;

  float perV;

  SoftGrey(Shape picture, byte[] grey) {
    width = picture.width();
    height = picture.height();
    this.grey = grey;
  }

  /** Looks at a place, picture pixels; false where it is too near the edge or outside. */
  boolean at(float x, float y) {
    if (!(x >= 1 && y >= 1 && x < width - 2 && y < height - 2)) {
      return false;
    }
    int x0 = (int) x;
    int y0 = (int) y;
    float fx = x - x0;
    float fy = y - y0;
    value = perU = perV = 0;
    for (int row = 0; row < 4; row++) {
      int i = (y0 + row - 1) * width + x0 - 1;
      int a = grey[i] & 255;
      int b = grey[i + 1] & 255;
      int c = grey[i + 2] & 255;
      int d = grey[i + 3] & 255;
      float across = (1 - fx) * a + (2 - fx) * b + (1 + fx) * c + fx * d;
      float weight = row == 0 ? 1 - fy : row == 1 ? 2 - fy : row == 2 ? 1 + fy : fy;
      value += weight * across;
      perU += weight * (c + d - a - b);
      perV += row < 2 ? -across : across;
    }
    value *= 0.0625f;
    perU *= 0.0625f;
    perV *= 0.0625f;
    return true;
  }
}
