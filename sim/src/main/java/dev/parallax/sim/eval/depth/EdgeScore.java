package dev.parallax.sim.eval.depth;

/**
 * How well depth edges lie on the true ones (after Koch et al. 2018). Accuracy: mean distance from
 * an estimated edge pixel to the nearest true one. Completeness: the reverse. Distances are capped
 * at 10 px in both, so that an invented or a missing edge costs 10 px; the original leaves invented
 * ones beyond 10 px out.
 *
 * <p>Estimated edges where the truth is unknown cannot be judged and are left out.
 */
final class EdgeScore {
  static final int CAP_PX = 10;

  private long estimated;
  private long truly;
  private double accuracyPx;
  private double completenessPx;

  /** Means over all edge pixels of the clip; NaN where there are none. */
  record Result(long estimatedPixels, long truePixels, double accuracyPx, double completenessPx) {}

  void add(DepthFrame frame) {
    int w = frame.width();
    int h = frame.height();
    boolean[] estimate = DepthEdges.of(w, h, frame.estimate());
    boolean[] truth = DepthEdges.of(w, h, frame.truthM());
    for (int i = 0; i < truth.length; i++) {
      if (estimate[i] && frame.truthM()[i] > 0) {
        estimated++;
        accuracyPx += distancePx(truth, w, h, i);
      }
      if (truth[i]) {
        truly++;
        completenessPx += distancePx(estimate, w, h, i);
      }
    }
  }

  Result result() {
    return new Result(estimated, truly, accuracyPx / estimated, completenessPx / truly);
  }

  /** Exact distance to the nearest edge pixel, at most the cap. */
  private static double distancePx(boolean[] edges, int w, int h, int pixel) {
    int column = pixel % w;
    int row = pixel / w;
    int nearest = CAP_PX * CAP_PX;
    for (int v = Math.max(0, row - CAP_PX); v <= Math.min(h - 1, row + CAP_PX); v++) {
      for (int u = Math.max(0, column - CAP_PX); u <= Math.min(w - 1, column + CAP_PX); u++) {
        int squared = (u - column) * (u - column) + (v - row) * (v - row);
        if (squared < nearest && edges[v * w + u]) {
          nearest = squared;
        }
      }
    }
    return Math.sqrt(nearest);
  }
}
