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
  private final Axis columns;
  private final Axis rows;
  private final double[] inverse;
  private final float[] depth;
  private final float[] std;

  PriorSampler(PriorDepth answer, PinholeCamera grid) {
    this.grid = grid;
    width = answer.grid().width();
    columns = Axis.of(grid.width(), width);
    rows = Axis.of(grid.height(), answer.grid().height());
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

  /** NaN where the network does not say. */
  float inverseDepth(int pixel) {
    int u = pixel % grid.width();
    int v = pixel / grid.width();
    int left = columns.before[u];
    int right = columns.after[u];
    int row = rows.before[v] * width;
    int below = rows.after[v] * width;
    double a = columns.share[u];
    double b = rows.share[v];
    double upper = (1 - a) * inverse[row + left] + a * inverse[row + right];
    double lower = (1 - a) * inverse[below + left] + a * inverse[below + right];
    return (float) ((1 - b) * upper + b * lower);
  }

  /** Whether the network says everywhere how sure it is. */
  boolean tellsStd() {
    for (float value : std) {
      if (Float.isNaN(value)) {
        return false;
      }
    }
    return true;
  }

  /** NaN where the network does not say. */
  float relativeStd(int pixel) {
    int u = pixel % grid.width();
    int v = pixel / grid.width();
    int nearest = rows.nearest(v) * width + columns.nearest(u);
    return std[nearest] / depth[nearest];
  }

  /**
   * Where the grid's pixels lie between those of the answer, along one axis.
   *
   * @param before the answer's pixel before each
   * @param after the one after it, the same at the border
   * @param share how far on the way from one to the other
   */
  private record Axis(int[] before, int[] after, double[] share) {
    static Axis of(int pixels, int answered) {
      Axis axis = new Axis(new int[pixels], new int[pixels], new double[pixels]);
      for (int i = 0; i < pixels; i++) {
        double place = (i + 0.5) * answered / pixels - 0.5;
        double within = Math.max(0, Math.min(answered - 1.0, place));
        axis.before[i] = (int) within;
        axis.after[i] = Math.min(answered - 1, axis.before[i] + 1);
        axis.share[i] = within - axis.before[i];
      }
      return axis;
    }

    int nearest(int pixel) {
      return share[pixel] < 0.5 ? before[pixel] : after[pixel];
    }
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
