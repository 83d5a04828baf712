package dev.parallax.sim.eval.depth;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;

/**
 * Estimated and true depth of one frame on the estimate's grid.
 *
 * @param camera the grid
 * @param estimate {@code [h w]} metres or relative units, NaN where unknown
 * @param std {@code [h w]} in the estimate's unit, NaN where unknown
 * @param truthM {@code [h w]} metres, NaN where unknown (sky included)
 */
record DepthFrame(
    Timestamp stamp, PinholeCamera camera, float[] estimate, float[] std, float[] truthM) {
  int width() {
    return camera.width();
  }

  int height() {
    return camera.height();
  }

  /** Whether a pixel can be judged. */
  boolean isKnown(int pixel) {
    return estimate[pixel] > 0 && truthM[pixel] > 0; // false for NaN
  }

  /** True over estimated depth, the median of the pixels that can be judged; NaN without any. */
  double medianRatio() {
    double[] ratios = new double[estimate.length];
    int n = 0;
    for (int i = 0; i < ratios.length; i++) {
      if (isKnown(i)) {
        ratios[n++] = truthM[i] / estimate[i];
      }
    }
    return n == 0 ? Double.NaN : OrderStatistic.median(ratios, n);
  }

  /** {@code [h w]} the estimate in metres, NaN where unknown. */
  float[] metres(DepthAlignment alignment) {
    float[] metres = estimate.clone();
    for (int i = 0; i < metres.length; i++) {
      metres[i] = metres[i] > 0 ? (float) alignment.metres(metres[i]) : Float.NaN;
    }
    return metres;
  }
}
