package dev.parallax.perception.prior;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;

/**
 * Makes pictures smaller (or larger) by the mean of the area under each new pixel, as exactly as
 * whole and cut pixels allow; never sharper than the picture is. Immutable.
 */
final class AreaResize {
  private final int fromWidth;
  private final int fromHeight;
  private final int width;
  private final int height;

  AreaResize(int fromWidth, int fromHeight, int width, int height) {
    this.fromWidth = fromWidth;
    this.fromHeight = fromHeight;
    this.width = width;
    this.height = height;
  }

  /** The camera of the resized pictures. */
  PinholeCamera camera(PinholeCamera from) {
    double sx = (double) width / fromWidth;
    double sy = (double) height / fromHeight;
    return new PinholeCamera(
        width,
        height,
        from.fx() * sx,
        from.fy() * sy,
        (from.cx() + 0.5) * sx - 0.5,
        (from.cy() + 0.5) * sy - 0.5);
  }

  /**
   * One channel.
   *
   * @param channel of the picture's own order
   * @return {@code [height width]} 0..255
   */
  float[] channel(Picture picture, int channel) {
    byte[] data = picture.data();
    int channels = picture.format().channels();
    float[] rows = new float[fromHeight * width];
    double sx = (double) fromWidth / width;
    for (int u = 0; u < width; u++) {
      double from = u * sx;
      double to = from + sx;
      for (int x = (int) from; x < Math.min(fromWidth, Math.ceil(to)); x++) {
        float share = (float) ((Math.min(to, x + 1.0) - Math.max(from, x)) / sx);
        for (int v = 0; v < fromHeight; v++) {
          rows[v * width + u] += share * (data[channels * (v * fromWidth + x) + channel] & 255);
        }
      }
    }
    return columns(rows);
  }

  private float[] columns(float[] rows) {
    float[] out = new float[width * height];
    double sy = (double) fromHeight / height;
    for (int v = 0; v < height; v++) {
      double from = v * sy;
      double to = from + sy;
      for (int y = (int) from; y < Math.min(fromHeight, Math.ceil(to)); y++) {
        float share = (float) ((Math.min(to, y + 1.0) - Math.max(from, y)) / sy);
        for (int u = 0; u < width; u++) {
          out[v * width + u] += share * rows[y * width + u];
        }
      }
    }
    return out;
  }

  /** Grey by luma (Rec. 601), {@code [height width]} 0..255. */
  float[] grey(Picture picture) {
    if (picture.format() == Picture.Format.MONO8) {
      return channel(picture, 0);
    }
    float[] blue = channel(picture, 0);
    float[] green = channel(picture, 1);
    float[] red = channel(picture, 2);
    for (int i = 0; i < red.length; i++) {
      red[i] = 0.299f * red[i] + 0.587f * green[i] + 0.114f * blue[i];
    }
    return red;
  }

  /** For fields with holes: the value at each new pixel's centre, never a mixture. */
  float[] sparse(float[] field) {
    float[] out = new float[width * height];
    for (int v = 0; v < height; v++) {
      int y = (int) ((v + 0.5) * fromHeight / height);
      for (int u = 0; u < width; u++) {
        int x = (int) ((u + 0.5) * fromWidth / width);
        out[v * width + u] = field[y * fromWidth + x];
      }
    }
    return out;
  }
}
