package dev.parallax.sim.eval.depth;

import java.util.List;

/** First pass over a clip: gathers what its alignments need. */
final class AlignmentFit {
  private final LogHistogram ratios = new LogHistogram();
  private long n;
  private double sumX;
  private double sumY;
  private double sumXx;
  private double sumXy;
  private double nearestM = Double.POSITIVE_INFINITY;
  private double farthestM;

  void add(DepthFrame frame) {
    for (int i = 0; i < frame.estimate().length; i++) {
      if (frame.isKnown(i)) {
        add(frame.estimate()[i], frame.truthM()[i]);
      }
    }
  }

  private void add(double estimate, double truthM) {
    ratios.add(truthM / estimate);
    double x = 1 / estimate;
    double y = 1 / truthM;
    n++;
    sumX += x;
    sumY += y;
    sumXx += x * x;
    sumXy += x * y;
    nearestM = Math.min(nearestM, truthM);
    farthestM = Math.max(farthestM, truthM);
  }

  long pixels() {
    return n;
  }

  DepthAlignment.MedianScale medianScale() {
    return new DepthAlignment.MedianScale(ratios.quantile(0.5));
  }

  DepthAlignment.DisparityScaleShift disparityScaleShift() {
    double determinant = n * sumXx - sumX * sumX;
    // All estimates alike (to rounding): the best is a constant, the mean true disparity.
    boolean constant = !(determinant > 1e-12 * n * sumXx);
    double scale = constant ? 0 : (n * sumXy - sumX * sumY) / determinant;
    return new DepthAlignment.DisparityScaleShift(
        scale, (sumY - scale * sumX) / n, nearestM, farthestM);
  }

  /** (a), (b) and (c), in this order. */
  List<DepthAlignment> all() {
    return List.of(new DepthAlignment.AsPublished(), medianScale(), disparityScaleShift());
  }
}
