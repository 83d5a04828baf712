package dev.parallax.perception.prior;

import dev.parallax.perception.geometry.PinholeCamera;

/**
 * What Parallax's own depth network is fed, in training and afterwards alike: {@code [5 H W]} of
 * grey (mean 0, std about 1 within the picture), the viewing ray's x/z and y/z, and depth that is
 * known already as a normalised logarithm of inverse depth with a mask. Height and width are
 * multiples of {@link #MULTIPLE}.
 */
public final class NetworkInput {
  public static final int CHANNELS = 5;

  /** The network halves its picture five times. */
  public static final int MULTIPLE = 32;

  /** A flat picture's noise is not blown up to full contrast, grey levels. */
  private static final double STD_FLOOR = 12;

  /** Log inverse depth (1/m) of about the middle of rooms and streets, and its spread. */
  private static final float LOG_MIDDLE = -1.2f;

  private static final float LOG_SPREAD = 1.2f;

  private NetworkInput() {}

  /** How many values a picture of this size is. */
  public static int size(int width, int height) {
    return CHANNELS * width * height;
  }

  /** Depth that known values should lie around, metres: the middle of what was trained on. */
  public static double middleDepthM() {
    return Math.exp(-LOG_MIDDLE);
  }

  /**
   * Fills one picture's input.
   *
   * @param grey {@code [H W]} grey levels 0..255, the size of the camera's pictures
   * @param knownInverseDepth {@code [H W]} 1/m where depth is known, 0 elsewhere
   * @param out receives {@code [5 H W]} from {@code offset}
   * @throws IllegalArgumentException if a size does not fit
   */
  public static void fill(
      float[] grey, PinholeCamera camera, float[] knownInverseDepth, float[] out, int offset) {
    int pixels = camera.width() * camera.height();
    if (camera.width() % MULTIPLE != 0 || camera.height() % MULTIPLE != 0) {
      throw new IllegalArgumentException(
          "The network takes multiples of %d, got %dx%d"
              .formatted(MULTIPLE, camera.width(), camera.height()));
    }
    if (grey.length != pixels || knownInverseDepth.length != pixels) {
      throw new IllegalArgumentException(
          "A picture of %dx%d needs %d values, got %d grey and %d depths"
              .formatted(
                  camera.width(), camera.height(), pixels, grey.length, knownInverseDepth.length));
    }
    fillGrey(grey, out, offset);
    fillRays(camera, out, offset + pixels);
    fillKnown(knownInverseDepth, out, offset + 3 * pixels);
  }

  private static void fillGrey(float[] grey, float[] out, int offset) {
    double sum = 0;
    double squares = 0;
    for (float value : grey) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / grey.length;
    double std = Math.sqrt(Math.max(0, squares / grey.length - mean * mean));
    float scale = (float) (1 / Math.max(STD_FLOOR, std));
    for (int i = 0; i < grey.length; i++) {
      out[offset + i] = (float) (grey[i] - mean) * scale;
    }
  }

  private static void fillRays(PinholeCamera camera, float[] out, int offset) {
    int pixels = camera.width() * camera.height();
    for (int v = 0; v < camera.height(); v++) {
      float y = (float) ((v - camera.cy()) / camera.fy());
      for (int u = 0; u < camera.width(); u++) {
        int at = offset + v * camera.width() + u;
        out[at] = (float) ((u - camera.cx()) / camera.fx());
        out[at + pixels] = y;
      }
    }
  }

  private static void fillKnown(float[] inverseDepth, float[] out, int offset) {
    for (int i = 0; i < inverseDepth.length; i++) {
      boolean known = inverseDepth[i] > 0;
      out[offset + i] = known ? ((float) Math.log(inverseDepth[i]) - LOG_MIDDLE) / LOG_SPREAD : 0;
      out[offset + inverseDepth.length + i] = known ? 1 : 0;
    }
  }
}
