package dev.parallax.sim.eval.depth;

import dev.parallax.sim.eval.EvalReport.Curve;

/**
 * Whether the published std of depth can be believed: how often the truth lies within k std, and
 * whether dropping the least certain pixels drops the error (sparsification). Certainty is std over
 * depth, since AbsRel is what is to drop.
 */
final class StdCalibration {
  private static final double MOST_SIGMA = 4;
  private static final int BINS_PER_SIGMA = 50;
  private static final int CURVE_STEPS = 20;

  private final DepthAlignment alignment;
  private final long[] withinBin = new long[(int) (MOST_SIGMA * BINS_PER_SIGMA) + 1];
  private final LogHistogram byStd = new LogHistogram();
  private final LogHistogram byError = new LogHistogram();

  /**
   * @param within1 share of pixels whose error is at most one std; 0.683 if the std is right and
   *     errors are Gaussian
   * @param within2 likewise for two; 0.954
   * @param absRelAll over all pixels with a std
   * @param absRelCertainHalf over the half of them with the smallest std over depth
   */
  record Result(
      long pixels, double within1, double within2, double absRelAll, double absRelCertainHalf) {}

  StdCalibration(DepthAlignment alignment) {
    this.alignment = alignment;
  }

  void add(DepthFrame frame) {
    for (int i = 0; i < frame.estimate().length; i++) {
      if (frame.isKnown(i) && frame.std()[i] > 0) {
        double estimate = frame.estimate()[i];
        double metres = alignment.metres(estimate);
        double stdM = frame.std()[i] * alignment.metresPerUnit(estimate);
        double error = Math.abs(metres - frame.truthM()[i]);
        double absRel = error / frame.truthM()[i];
        // Rounding up: a bin holds errors up to and with its upper limit.
        double bin = Math.ceil(error / stdM * BINS_PER_SIGMA - 1e-9);
        withinBin[(int) Math.max(0, Math.min(withinBin.length - 1, bin))]++;
        byStd.add(stdM / metres, absRel);
        byError.add(absRel, absRel);
      }
    }
  }

  Result result() {
    return new Result(
        byStd.total(),
        within(1),
        within(2),
        byStd.meanCarriedBySmallest(1),
        byStd.meanCarriedBySmallest(0.5));
  }

  /** Share of pixels within k std, for k to 3. */
  Curve coverage() {
    double[] k = new double[31];
    double[] share = new double[k.length];
    for (int i = 0; i < k.length; i++) {
      k[i] = i / 10.0;
      share[i] = within(k[i]);
    }
    return new Curve("k [std]", "share within k std", k, share);
  }

  /** What {@link #coverage} is for Gaussian errors of the published std: {@code erf(k / √2)}. */
  static Curve gaussianCoverage() {
    double[] k = new double[31];
    double[] share = new double[k.length];
    double stepSigma = 1e-3;
    double inside = 0;
    for (int i = 1; i < k.length; i++) {
      for (double z = k[i - 1]; z < i / 10.0 - stepSigma / 2; z += stepSigma) {
        double middle = z + stepSigma / 2;
        inside += 2 * stepSigma * Math.exp(-middle * middle / 2) / Math.sqrt(2 * Math.PI);
      }
      k[i] = i / 10.0;
      share[i] = inside;
    }
    return new Curve("k [std]", "share within k std", k, share);
  }

  /** AbsRel of what is left when a share is dropped, least certain first. */
  Curve sparsification() {
    return sparsification(byStd);
  }

  /** The same with the largest errors dropped first: no std can do better. */
  Curve sparsificationOracle() {
    return sparsification(byError);
  }

  private static Curve sparsification(LogHistogram order) {
    double[] dropped = new double[CURVE_STEPS];
    double[] absRel = new double[CURVE_STEPS];
    for (int i = 0; i < CURVE_STEPS; i++) {
      dropped[i] = (double) i / CURVE_STEPS;
      absRel[i] = order.meanCarriedBySmallest(1 - dropped[i]);
    }
    return new Curve("share dropped", "AbsRel of the rest", dropped, absRel);
  }

  private double within(double sigmas) {
    long inside = 0;
    int last = (int) Math.round(sigmas * BINS_PER_SIGMA);
    for (int bin = 0; bin <= last; bin++) {
      inside += withinBin[bin];
    }
    return (double) inside / byStd.total();
  }
}
