package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.Intrinsics;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Parity of the depth filter and scene flow, on grids of odd and even stride. */
final class DepthParity {
  private static final MeasurementRules RULES = new MeasurementRules(0.25, 1.5, 9);

  private DepthParity() {}

  static List<ParityCase> cases() {
    return IntStream.of(1, 2, 3).boxed().flatMap(DepthParity::casesOf).toList();
  }

  private static Stream<ParityCase> casesOf(int stride) {
    return Stream.of(
        depthCase(
            "flow noise",
            stride,
            new Tolerance(
                2e-4, 2e-3, 0, "the CPU slides its sums, which keeps rounding from far away"),
            scene -> {
              DeviceBuffer covariance = scene.in.poisonedF32(scene.shape(3));
              scene.kernels.depth().flowNoise(scene.grid, scene.grey(), 0.25, covariance);
              return Map.of("covariance", scene.in.floats(covariance));
            }),
        depthCase(
            "carry",
            stride,
            new Tolerance(
                0, 0, 0.08, "a hole beside a filled hole: the CPU goes in rows and may chain them"),
            scene -> {
              Estimate current = scene.poisoned();
              scene
                  .kernels
                  .depth()
                  .carry(scene.grid, scene.belief(), scene.flow(3), scene.motion(), 0.01, current);
              return scene.read(current);
            }),
        depthCase(
            "carry with lone holes",
            stride,
            Tolerance.NONE,
            scene -> {
              Estimate current = scene.poisoned();
              double[] sideways = {1, 0, 0, 0.01, 0, 1, 0, -0.02, 0, 0, 1, 0.03};
              scene
                  .kernels
                  .depth()
                  .carry(scene.grid, scene.wall(), scene.flow(3), sideways, 0.01, current);
              return scene.read(current);
            }),
        depthCase(
            "triangulation",
            stride,
            Tolerance.NONE,
            scene -> {
              Estimate estimate = scene.belief();
              scene
                  .kernels
                  .depth()
                  .fuseTriangulated(
                      scene.grid,
                      scene.flow(3),
                      scene.inconsistency(),
                      scene.covariance(),
                      scene.motion(),
                      RULES,
                      estimate);
              return scene.read(estimate);
            }),
        depthCase(
            "known depth",
            stride,
            Tolerance.NONE,
            scene -> {
              Estimate estimate = scene.belief();
              DeviceBuffer depth = scene.values(1, 0.5, 12, 9);
              scene.kernels.depth().fuseDepth(depth, scene.values(1, -0.1, 0.5, 9), 9, estimate);
              return scene.read(estimate);
            }),
        depthCase("residual flow", stride, Tolerance.NONE, DepthParity::residualFlow),
        depthCase("scene flow", stride, Tolerance.NONE, DepthParity::sceneFlow),
        depthCase(
            "clear, rescale and publish",
            stride,
            Tolerance.NONE,
            scene -> {
              Estimate estimate = scene.belief();
              scene.kernels.depth().rescale(estimate, 1.7);
              DeviceBuffer depth = scene.in.poisonedF32(scene.shape(1));
              DeviceBuffer std = scene.in.poisonedF32(scene.shape(1));
              scene.kernels.depth().publish(estimate, 0.4, depth, std);
              Estimate cleared = scene.poisoned();
              scene.kernels.depth().clear(cleared);
              return Map.of(
                  "depth", scene.in.floats(depth),
                  "std", scene.in.floats(std),
                  "rescaled", scene.in.floats(estimate.inverseDepth()),
                  "cleared", scene.in.floats(cleared.variance()),
                  "still", scene.in.floats(cleared.motion()));
            }));
  }

  private static Map<String, float[]> residualFlow(Scene scene) {
    Estimate estimate = scene.belief();
    DeviceBuffer residual = scene.in.poisonedF32(scene.shape(3));
    scene
        .kernels
        .depth()
        .residualFlow(
            scene.grid,
            scene.flow(3),
            scene.inconsistency(),
            scene.covariance(),
            scene.motion(),
            RULES,
            estimate,
            residual);
    return Map.of("residual", scene.in.floats(residual));
  }

  private static Map<String, float[]> sceneFlow(Scene scene) {
    DeviceBuffer velocity = scene.in.poisonedF32(scene.shape(3));
    DeviceBuffer labels = scene.in.poisonedU8(scene.shape(1));
    scene
        .kernels
        .depth()
        .sceneFlow(
            scene.grid,
            scene.flow(5),
            scene.values(3, 0, 30, 9),
            scene.belief(),
            scene.belief(),
            scene.motion(),
            1 / 30.0,
            velocity,
            labels);
    return Map.of("velocity", scene.in.floats(velocity), "labels", scene.in.bytes(labels));
  }

  @FunctionalInterface
  private interface OnScene {
    Map<String, float[]> run(Scene scene);
  }

  private static ParityCase depthCase(String name, int stride, Tolerance tolerance, OnScene work) {
    return new ParityCase(
        "%s, stride %d".formatted(name, stride),
        tolerance,
        (k, s, size, r) -> work.run(new Scene(k, new ParityInput(k, s, r), size, stride, r)));
  }

  /** A camera and random beliefs, flows and doubts that fit it. */
  private record Scene(PerceptionKernels kernels, ParityInput in, Random random, DepthGrid grid) {
    Scene(PerceptionKernels kernels, ParityInput in, Shape size, int stride, Random random) {
      this(
          kernels,
          in,
          random,
          new DepthGrid(
              size,
              new Intrinsics(
                  0.8 * size.width(),
                  0.83 * size.width(),
                  0.49 * size.width(),
                  0.52 * size.height()),
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
}
