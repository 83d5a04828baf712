package dev.parallax.sim.eval.motion;

import dev.parallax.perception.frame.FlowField;

/**
 * Errors of optical flow over a clip: EPE, the mean distance between estimated and true end points,
 * and F1-all of KITTI 2015, the share of pixels that are off by over 3 px and over 5 % of the true
 * flow. Over pixels where both are known; how many that is, is the density.
 */
public final class FlowError {
  private static final double OUTLIER_PX = 3;
  private static final double OUTLIER_SHARE = 0.05;

  private long withTruth;
  private long judged;
  private long outliers;
  private double endPointPx;

  /**
   * @param density share of pixels with a true flow that have an estimate
   * @param epePx NaN without pixels, as is {@code f1All}
   * @param f1All share of outliers, 0..1
   */
  public record Result(long pixels, double density, double epePx, double f1All) {}

  /**
   * Adds a pair of fields on one grid and answers their own EPE.
   *
   * @throws IllegalArgumentException if their sizes differ
   */
  public double add(FlowField estimate, FlowField truth) {
    if (estimate.width() != truth.width() || estimate.height() != truth.height()) {
      throw new IllegalArgumentException(
          "Flow is %dx%d but the truth %dx%d"
              .formatted(estimate.width(), estimate.height(), truth.width(), truth.height()));
    }
    long before = judged;
    double sumBefore = endPointPx;
    float[] e = estimate.uv();
    float[] t = truth.uv();
    for (int i = 0; i < t.length; i += 2) {
      if (!Float.isNaN(t[i] + t[i + 1])) {
        withTruth++;
        if (!Float.isNaN(e[i] + e[i + 1])) {
          add(Math.hypot(e[i] - t[i], e[i + 1] - t[i + 1]), Math.hypot(t[i], t[i + 1]));
        }
      }
    }
    return (endPointPx - sumBefore) / (judged - before);
  }

  private void add(double errorPx, double truePx) {
    judged++;
    endPointPx += errorPx;
    outliers += errorPx > OUTLIER_PX && errorPx > OUTLIER_SHARE * truePx ? 1 : 0;
  }

  public Result result() {
    return new Result(
        judged, (double) judged / withTruth, endPointPx / judged, (double) outliers / judged);
  }
}
