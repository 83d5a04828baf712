package dev.parallax.perception.prior;

import dev.parallax.perception.geometry.PinholeCamera;

/** A network's answer looked up at the pixels of another grid of the same view, bilinear. */
final class PriorSampler {
  private final float[] inverseDepth;
  private final float[] relativeStd;

  PriorSampler(PriorDepth answer, PinholeCamera grid) {
    int width = answer.grid().width();
    int height = answer.grid().height();
    inverseDepth = new float[grid.width() * grid.height()];
    relativeStd = new float[inverseDepth.length];
    float[] depth = answer.depth();
    float[] std = answer.std();
    for (int v = 0; v < grid.height(); v++) {
      double y = within((v + 0.5) * height / grid.height() - 0.5, height);
      int y0 = (int) y;
      int below = Math.min(height - 1, y0 + 1);
      double b = y - y0;
      for (int u = 0; u < grid.width(); u++) {
        double x = within((u + 0.5) * width / grid.width() - 0.5, width);
        int x0 = (int) x;
        int right = Math.min(width - 1, x0 + 1);
        double a = x - x0;
        double upper = (1 - a) / depth[y0 * width + x0] + a / depth[y0 * width + right];
        double lower = (1 - a) / depth[below * width + x0] + a / depth[below * width + right];
        int at = v * grid.width() + u;
        inverseDepth[at] = (float) ((1 - b) * upper + b * lower);
        int nearest =
            (int) Math.min(height - 1, Math.round(y)) * width
                + (int) Math.min(width - 1, Math.round(x));
        relativeStd[at] = std[nearest] / depth[nearest];
      }
    }
  }

  private static double within(double place, int size) {
    return Math.max(0, Math.min(size - 1.0, place));
  }

  /** NaN where the network does not say. */
  float inverseDepth(int pixel) {
    return inverseDepth[pixel];
  }

  /** NaN where the network does not say. */
  float relativeStd(int pixel) {
    return relativeStd[pixel];
  }

  int pixels() {
    return inverseDepth.length;
  }
}
