package dev.parallax.perception.odometry;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.perception.geometry.OrderStatistic;

/**
 * Gives a picture the exposure of another one, so that patches of both can be compared grey level
 * by grey level: Lucas-Kanade takes a brighter patch for a moved one. How much brighter the picture
 * is is the median over the patches around the points, since what changes place or comes to light
 * is in few of them. Agent thread only.
 */
final class ExposureMatch {
  /** A smaller change is left alone: Lucas-Kanade bears it, and what moves makes as much. */
  private static final double MIN_CHANGE = 0.05;

  /** No camera changes its exposure by more from one picture to the next. */
  private static final double MAX_CHANGE = 4;

  private static final int MIN_PATCHES = 40;
  private static final int RADIUS_PX = 5;

  /** Patches as dark or as bright as this were cut off by the sensor and tell nothing. */
  private static final double DARKEST_GREY = 8;

  private static final double BRIGHTEST_GREY = 247;

  private final PerceptionKernels kernels;
  private final int width;
  private final int height;
  private final byte[] pixels;
  private final DeviceBuffer matched;

  ExposureMatch(PerceptionKernels kernels, BufferScope scope, Shape shape) {
    this.kernels = kernels;
    width = shape.width();
    height = shape.height();
    pixels = new byte[shape.pixels()];
    matched = scope.u8(shape);
  }

  /** The picture as {@link #match} left it, {@code [H W 1]} U8. */
  DeviceBuffer matched() {
    return matched;
  }

  /**
   * Makes a copy of a picture that is exposed as another one.
   *
   * @param grey {@code [H W 1]} the picture
   * @param uv {@code [n 2]} about where the points are in it, pixels
   * @param other {@code [H W]} the picture to be compared with
   * @param otherUv {@code [n 2]} where the points are in that
   * @return false if there is no telling, or too little to change
   */
  boolean match(DeviceBuffer grey, float[] uv, byte[] other, float[] otherUv, int n) {
    kernels.download(grey, pixels);
    double[] logs = new double[n];
    int count = 0;
    for (int i = 0; i < n; i++) {
      double now = mean(pixels, uv[2 * i], uv[2 * i + 1]);
      double then = mean(other, otherUv[2 * i], otherUv[2 * i + 1]);
      if (isTelling(now) && isTelling(then)) {
        logs[count++] = Math.log(now / then);
      }
    }
    if (count < MIN_PATCHES) {
      return false;
    }
    double change = OrderStatistic.median(logs, count);
    if (Math.abs(change) < Math.log1p(MIN_CHANGE) || Math.abs(change) > Math.log(MAX_CHANGE)) {
      return false;
    }
    expose(Math.exp(-change));
    return true;
  }

  private static boolean isTelling(double mean) {
    return mean > DARKEST_GREY && mean < BRIGHTEST_GREY; // false for NaN
  }

  /** Mean grey level around a pixel; NaN where the patch leaves the picture. */
  private double mean(byte[] picture, float u, float v) {
    int x = Math.round(u);
    int y = Math.round(v);
    boolean inside =
        x >= RADIUS_PX && y >= RADIUS_PX && x < width - RADIUS_PX && y < height - RADIUS_PX;
    if (!inside) {
      return Double.NaN;
    }
    int sum = 0;
    for (int row = (y - RADIUS_PX) * width; row <= (y + RADIUS_PX) * width; row += width) {
      for (int k = row + x - RADIUS_PX; k <= row + x + RADIUS_PX; k++) {
        sum += picture[k] & 0xff;
      }
    }
    int side = 2 * RADIUS_PX + 1;
    return (double) sum / (side * side);
  }

  private void expose(double gain) {
    byte[] table = new byte[256];
    for (int grey = 0; grey < table.length; grey++) {
      table[grey] = (byte) Math.min(255, Math.round(gain * grey));
    }
    for (int k = 0; k < pixels.length; k++) {
      pixels[k] = table[pixels[k] & 0xff];
    }
    kernels.upload(pixels, matched);
  }
}
