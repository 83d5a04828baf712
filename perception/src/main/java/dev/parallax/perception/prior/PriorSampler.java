package dev.parallax.perception.prior;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.OptionalDouble;

/** A network's answer looked up at the pixels of another grid of the same view, bilinear. */
final class PriorSampler {
  /** So many pixels tell a median. */
  private static final int MEDIAN_SAMPLES = 10_000;

  private final PinholeCamera grid;
  private final int width; // of the answer
  private final int height;
  private final double[] inverse;
  private final float[] depth;
  private final float[] std;

  PriorSampler(PriorDepth answer, PinholeCamera grid) {
    this.grid = grid;
    width = answer.grid().width();
    height = answer.grid().height();
    depth = answer.depth();
    std = answer.std();
    inverse = new double[depth.length];
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = 1.0 / depth[i];
    }
  }

  /** From one sample of so many pixels to the next: odd, so that columns take turns. */
  static int samplingStep(int pixels) {
    return pixels / MEDIAN_SAMPLES | 1;
  }

  private double x(int pixel) {
    return within((pixel % grid.width() + 0.5) * width / grid.width() - 0.5, width);
  }

  private double y(int pixel) {
    return within(((pixel / grid.width()) + 0.5) * height / grid.height() - 0.5, height);
  }

  private static double within(double place, int size) {
    return Math.max(0, Math.min(size - 1.0, place));
  }

  /** NaN where the network does not say. */
  float inverseDepth(int pixel) {
    double x = x(pixel);
    double y = y(pixel);
    int x0 = (int) x;
    int y0 = (int) y;
    int right = Math.min(width - 1, x0 + 1);
    int row = y0 * width;
    int below = Math.min(height - 1, y0 + 1) * width;
    double a = x - x0;
    double b = y - y0;
    double upper = (1 - a) * inverse[row + x0] + a * inverse[row + right];
    double lower = (1 - a) * inverse[below + x0] + a * inverse[below + right];
    return (float) ((1 - b) * upper + b * lower);
  }

  /** NaN where the network does not say. */
  float relativeStd(int pixel) {
    int nearest = (int) Math.round(y(pixel)) * width + (int) Math.round(x(pixel));
    return std[nearest] / depth[nearest];
  }

  /**
   * What multiplies sampled depth to be measured depth: the median of their ratios; empty where
   * they have no pixel in common.
   *
   * @param measured {@code [h w]} of the grid, NaN where unknown
   */
  OptionalDouble unit(float[] measured) {
    int step = samplingStep(pixels());
    double[] ratios = new double[pixels() / step + 1];
    int n = 0;
    for (int i = 0; i < pixels(); i += step) {
      double ratio = measured[i] * inverseDepth(i);
      if (ratio > 0 && ratio < Double.POSITIVE_INFINITY) {
        ratios[n++] = ratio;
      }
    }
    return n == 0 ? OptionalDouble.empty() : OptionalDouble.of(OrderStatistic.median(ratios, n));
  }

  int pixels() {
    return grid.width() * grid.height();
  }
}
