package dev.parallax.sim.eval.depth;

/** Gathers per-pixel errors of aligned depth over a clip. */
final class DepthError {
  private static final double DELTA_1 = 1.25;

  private final DepthAlignment alignment;
  private long n;
  private double absRel;
  private double squared;
  private double absolute;
  private long within;

  /**
   * Means over all judged pixels of the clip, each pixel alike.
   *
   * @param absRel |d − d*| / d*
   * @param delta1 share of pixels with max(d/d*, d*&#47;d) below 1.25
   */
  record Result(long pixels, double absRel, double rmseM, double maeM, double delta1) {}

  DepthError(DepthAlignment alignment) {
    this.alignment = alignment;
  }

  DepthAlignment alignment() {
    return alignment;
  }

  /** Adds a frame and answers its own mean AbsRel, NaN where no pixel is known. */
  double add(DepthFrame frame) {
    long before = n;
    double sumBefore = absRel;
    for (int i = 0; i < frame.estimate().length; i++) {
      if (frame.isKnown(i)) {
        add(alignment.metres(frame.estimate()[i]), frame.truthM()[i]);
      }
    }
    return (absRel - sumBefore) / (n - before);
  }

  private void add(double metres, double truthM) {
    double error = Math.abs(metres - truthM);
    n++;
    absRel += error / truthM;
    squared += error * error;
    absolute += error;
    within += Math.max(metres / truthM, truthM / metres) < DELTA_1 ? 1 : 0;
  }

  Result result() {
    return new Result(n, absRel / n, Math.sqrt(squared / n), absolute / n, (double) within / n);
  }
}
