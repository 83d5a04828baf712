package dev.parallax.kernels.cuda;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import java.util.Map;
import java.util.Random;

/** A camera and random beliefs, flows and doubts that fit it. */
record ParityScene(PerceptionKernels kernels, ParityInput in, Random random, DepthGrid grid) {
  static final MeasurementRules RULES = new MeasurementRules(0.25, 1.5, 9);

  ParityScene(PerceptionKernels kernels, BufferScope scope, Shape size, int stride, Random random) {
    this(
        kernels,
        new ParityInput(kernels, scope, random),
        random,
        new DepthGrid(
            size,
            new Intrinsics(
                0.8 * size.width(), 0.83 * size.width(), 0.49 * size.width(), 0.52 * size.height()),
            stride));
  }

  Shape shape(int channels) {
    return grid.shape().withChannels(channels);
  }

  DeviceBuffer values(int channels, double low, double high, int oneNanIn) {
    Shape shape = shape(channels);
    return in.of(shape, in.values(shape.elements(), low, high, oneNanIn));
  }

  /** Depth of 1 to 10 that mostly varies slowly, sometimes unknown, sometimes moving. */
  Estimate belief() {
    Shape shape = shape(1);
    float[] rho = in.values(shape.pixels(), 0.95, 1.05, 12);
    for (int i = 0; i < rho.length; i++) {
      int u = i % shape.width();
      rho[i] *= u / 11 % 3 == 1 ? 0.6f : 0.2f;
    }
    return new Estimate(in.of(shape, rho), values(1, 1e-6, 4e-3, 0), values(1, 0, 0.7, 0));
  }

  /** A wall that fills the view but for single unknown pixels far from one another. */
  Estimate wall() {
    Shape shape = shape(1);
    float[] rho = new float[shape.pixels()];
    for (int i = 0; i < rho.length; i++) {
      boolean isHole = i % shape.width() % 5 == 2 && i / shape.width() % 5 == 2;
      rho[i] = isHole ? Float.NaN : 0.02f;
    }
    return new Estimate(in.of(shape, rho), values(1, 1e-6, 4e-5, 0), values(1, 0, 0.4, 0));
  }

  Estimate poisoned() {
    return new Estimate(
        in.poisonedF32(shape(1)), in.poisonedF32(shape(1)), in.poisonedF32(shape(1)));
  }

  Map<String, float[]> read(Estimate estimate) {
    return Map.of(
        "inverse depth", in.floats(estimate.inverseDepth()),
        "variance", in.floats(estimate.variance()),
        "motion", in.floats(estimate.motion()));
  }

  DeviceBuffer grey() {
    return in.picture(grid.picture());
  }

  DeviceBuffer flow(double reach) {
    double pixels = reach / grid.stride();
    return in.of(shape(2), in.values(shape(2).elements(), -pixels, pixels, 80));
  }

  DeviceBuffer inconsistency() {
    float[] open = in.values(shape(1).pixels(), 0, 2.0 / grid.stride(), 20);
    open[open.length / 2] = Float.POSITIVE_INFINITY;
    return in.of(shape(1), open);
  }

  DeviceBuffer covariance() {
    float[] c = in.values(shape(3).elements(), 0.05, 3, 0);
    for (int i = 0; i < c.length; i += 3) {
      c[i + 1] = (float) (0.9 * (random.nextDouble() - 0.5) * Math.sqrt(c[i] * c[i + 2]));
    }
    return in.of(shape(3), c);
  }

  /** A small step in any direction with a small turn; {@code [3 4]}. */
  double[] motion() {
    double[] w = random.doubles(3, -0.02, 0.02).toArray();
    double[] t = random.doubles(3, -0.15, 0.15).toArray();
    return new double[] {1, -w[2], w[1], t[0], w[2], 1, -w[0], t[1], -w[1], w[0], 1, t[2]};
  }
}
