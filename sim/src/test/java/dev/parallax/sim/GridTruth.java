package dev.parallax.sim;

import dev.parallax.perception.frame.DepthMap;
import java.util.Arrays;

/** Truth at the pixels of an estimate, whose grid is that of the truth, halved. */
final class GridTruth {
  private GridTruth() {}

  static int pixel(int i, DepthMap estimate, DepthMap truth) {
    return (2 * (i / estimate.width()) + 1) * truth.width() + 2 * (i % estimate.width()) + 1;
  }

  /** Metres in the estimate's unit of length; NaN where nothing tells. */
  static double medianScale(DepthMap estimate, DepthMap truth) {
    double[] ratios = new double[estimate.depthM().length];
    int n = 0;
    for (int i = 0; i < ratios.length; i++) {
      double ratio = truth.depthM()[pixel(i, estimate, truth)] / estimate.depthM()[i];
      if (ratio > 0 && ratio < Double.POSITIVE_INFINITY) {
        ratios[n++] = ratio;
      }
    }
    Arrays.sort(ratios, 0, n);
    return n == 0 ? Double.NaN : ratios[n / 2];
  }
}
