package dev.parallax.nodes.fleet;

import java.util.Arrays;

/**
 * How far two depths of the same frame are apart.
 *
 * @param ratio median of first over second; NaN where no pixel is known to both
 * @param relative mean of |first - s second| / first, with s the ratio or 1
 */
record DepthDisagreement(double ratio, double relative) {
  private static final int SAMPLES = 8192;

  /**
   * @param scaled whether the second is first brought to the first's unit by the median ratio
   */
  static DepthDisagreement of(SeenFrame.Depth first, SeenFrame.Depth second, boolean scaled) {
    int width = first.camera().width();
    int height = first.camera().height();
    int step = Math.max(1, first.depthM().length / SAMPLES);
    double[] a = new double[first.depthM().length / step + 1];
    double[] b = new double[a.length];
    int n = 0;
    for (int i = 0; i < first.depthM().length; i += step) {
      float mine = first.depthM()[i];
      float other = at(second, (i % width + 0.5) / width, (i / width + 0.5) / height);
      if (isKnown(mine) && isKnown(other)) {
        a[n] = mine;
        b[n++] = other;
      }
    }
    if (n == 0) {
      return new DepthDisagreement(Double.NaN, Double.NaN);
    }
    double ratio = medianRatio(a, b, n);
    double scale = scaled ? ratio : 1;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.abs(a[i] - scale * b[i]) / a[i];
    }
    return new DepthDisagreement(ratio, sum / n);
  }

  /** At a place of the picture, 0..1 each way: the two grids may differ in size. */
  private static float at(SeenFrame.Depth depth, double x, double y) {
    int u = (int) (x * depth.camera().width());
    int v = (int) (y * depth.camera().height());
    return depth.depthM()[v * depth.camera().width() + u];
  }

  private static boolean isKnown(float depth) {
    return depth > 0 && Float.isFinite(depth);
  }

  private static double medianRatio(double[] a, double[] b, int n) {
    double[] ratios = new double[n];
    for (int i = 0; i < n; i++) {
      ratios[i] = a[i] / b[i];
    }
    Arrays.sort(ratios);
    return ratios[n / 2];
  }
}
