package dev.parallax.sim.eval.depth;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether frames are seen too far or too near: depth that lags behind a moving camera shows here.
 */
final class SignedError {
  private final DepthAlignment.MedianScale alignment;
  private final List<Double> medians = new ArrayList<>();
  private double worst;
  private double worstS;

  /**
   * Of the frames' median signed errors (d − d*) / d*; positive is too far.
   *
   * @param mean over the frames
   * @param worst the one farthest from zero
   * @param worstS its frame's stamp, seconds
   */
  record Result(int frames, double mean, double worst, double worstS) {}

  SignedError(DepthAlignment.MedianScale alignment) {
    this.alignment = alignment;
  }

  void add(DepthFrame frame) {
    double error = alignment.scale() / frame.medianRatio() - 1;
    if (Double.isNaN(error)) {
      return;
    }
    if (medians.isEmpty() || Math.abs(error) > Math.abs(worst)) {
      worst = error;
      worstS = frame.stamp().seconds();
    }
    medians.add(error);
  }

  /**
   * @throws IllegalStateException if no frame could be judged
   */
  Result result() {
    if (medians.isEmpty()) {
      throw new IllegalStateException("No frame could be judged");
    }
    double mean = medians.stream().mapToDouble(Double::doubleValue).sum() / medians.size();
    return new Result(medians.size(), mean, worst, worstS);
  }
}
