package dev.parallax.sim.eval.depth;

/**
 * How estimated depth is brought to metres before it is judged; one for the whole clip, never one a
 * frame.
 */
public sealed interface DepthAlignment {
  /** For tables. */
  String label();

  /** Metres from the estimate's depth, both positive. */
  double metres(double depth);

  /** Metres a small step of the estimate's depth stands for, to scale a std. */
  double metresPerUnit(double depth);

  /** (a) The figures as they were published. */
  record AsPublished() implements DepthAlignment {
    @Override
    public String label() {
      return "as published";
    }

    @Override
    public double metres(double depth) {
      return depth;
    }

    @Override
    public double metresPerUnit(double depth) {
      return 1;
    }
  }

  /** (b) One scale: the median of true over estimated depth. */
  record MedianScale(double scale) implements DepthAlignment {
    @Override
    public String label() {
      return "one median scale";
    }

    @Override
    public double metres(double depth) {
      return scale * depth;
    }

    @Override
    public double metresPerUnit(double depth) {
      return scale;
    }
  }

  /**
   * (c) One least-squares scale and shift in inverse depth: {@code 1 / (scale / depth + shift)}.
   *
   * @param nearestM least true depth of the clip: where the result is held, as is usual, since a
   *     shift can send inverse depth below zero
   * @param farthestM largest true depth of the clip
   */
  record DisparityScaleShift(double scale, double shift, double nearestM, double farthestM)
      implements DepthAlignment {
    @Override
    public String label() {
      return "scale and shift in disparity";
    }

    @Override
    public double metres(double depth) {
      double disparity = scale / depth + shift;
      return disparity <= 1 / farthestM ? farthestM : Math.max(nearestM, 1 / disparity);
    }

    @Override
    public double metresPerUnit(double depth) {
      double metres = metres(depth);
      return scale * metres * metres / (depth * depth);
    }
  }
}
