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
    int i = (y0 - 1) * width + x0 - 1;
    float row0 = across(i, fx);
    float row1 = across(i + width, fx);
    float row2 = across(i + 2 * width, fx);
    float row3 = across(i + 3 * width, fx);
    float sum = (1 - fy) * row0 + (2 - fy) * row1 + (1 + fy) * row2 + fy * row3;
    float steps =
        (1 - fy) * step(i)
            + (2 - fy) * step(i + width)
            + (1 + fy) * step(i + 2 * width)
            + fy * step(i + 3 * width);
    value = 0.0625f * sum;
    perU = 0.0625f * steps;
    perV = 0.0625f * (-row0 - row1 + row2 + row3);
    return true;
  }

  private float across(int i, float fx) {
    return (1 - fx) * (grey[i] & 255)
        + (2 - fx) * (grey[i + 1] & 255)
        + (1 + fx) * (grey[i + 2] & 255)
        + fx * (grey[i + 3] & 255);
  }

  private int step(int i) {
    return (grey[i + 2] & 255) + (grey[i + 3] & 255) - (grey[i] & 255) - (grey[i + 1] & 255);
  }
}
