package dev.parallax.kernels.cuda;

import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.PublishRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Parity of the depth filter and scene flow, on grids of odd and even stride. */
final class DepthParity {
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
              DeviceBuffer covariance = scene.in().poisonedF32(scene.shape(3));
              scene.kernels().depth().flowNoise(scene.grid(), scene.grey(), 0.25, covariance);
              return Map.of("covariance", scene.in().floats(covariance));
            }),
        depthCase(
            "carry",
            stride,
            new Tolerance(
                0, 0, 0.08, "a hole beside a filled hole: the CPU goes in rows and may chain them"),
            scene -> {
              Estimate current = scene.poisoned();
              scene
                  .kernels()
                  .depth()
                  .carry(
                      scene.grid(), scene.belief(), scene.flow(3), scene.motion(), 0.01, current);
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
                  .kernels()
                  .depth()
                  .carry(scene.grid(), scene.wall(), scene.flow(3), sideways, 0.01, current);
              return scene.read(current);
            }),
        depthCase(
            "triangulation",
            stride,
            Tolerance.NONE,
            scene -> {
              Estimate estimate = scene.belief();
              DeviceBuffer across = scene.in().poisonedF32(scene.shape(1));
              scene
                  .kernels()
                  .depth()
                  .fuseTriangulated(
                      scene.grid(),
                      scene.flow(3),
                      scene.inconsistency(),
                      scene.covariance(),
                      scene.motion(),
                      ParityScene.RULES,
                      estimate,
                      across);
              Map<String, float[]> answers = new HashMap<>(scene.read(estimate));
              answers.put("across", scene.in().floats(across));
              return answers;
            }),
        depthCase(
            "known depth",
            stride,
            Tolerance.NONE,
            scene -> {
              Estimate estimate = scene.belief();
              DeviceBuffer depth = scene.values(1, 0.5, 12, 9);
              scene.kernels().depth().fuseDepth(depth, scene.values(1, -0.1, 0.5, 9), 9, estimate);
              return scene.read(estimate);
            }),
        depthCase("residual flow", stride, Tolerance.NONE, DepthParity::residualFlow),
        depthCase("scene flow", stride, Tolerance.NONE, DepthParity::sceneFlow),
        depthCase("patch doubt", stride, Tolerance.NONE, DepthParity::patchDoubt),
        depthCase("beneath the ground", stride, Tolerance.NONE, DepthParity::beneath),
        depthCase(
            "clear, rescale and publish",
            stride,
            Tolerance.NONE,
            scene -> {
              Estimate estimate = scene.belief();
              scene.kernels().depth().rescale(estimate, 1.7);
              DeviceBuffer depth = scene.in().poisonedF32(scene.shape(1));
              DeviceBuffer std = scene.in().poisonedF32(scene.shape(1));
              DeviceBuffer doubt = scene.values(1, 0, 0.6, 0);
              scene
                  .kernels()
                  .depth()
                  .publish(estimate, new PublishRules(0.4, 1.3, 3), doubt, depth, std);
              Estimate cleared = scene.poisoned();
              scene.kernels().depth().clear(cleared);
              return Map.of(
                  "depth", scene.in().floats(depth),
                  "std", scene.in().floats(std),
                  "rescaled", scene.in().floats(estimate.inverseDepth()),
                  "cleared", scene.in().floats(cleared.variance()),
                  "still", scene.in().floats(cleared.motion()));
            }));
  }

  private static Map<String, float[]> residualFlow(ParityScene scene) {
    Estimate estimate = scene.belief();
    DeviceBuffer residual = scene.in().poisonedF32(scene.shape(3));
    scene
        .kernels()
        .depth()
        .residualFlow(
            scene.grid(),
            scene.flow(3),
            scene.inconsistency(),
            scene.covariance(),
            scene.motion(),
            ParityScene.RULES,
            estimate,
            residual);
    return Map.of("residual", scene.in().floats(residual));
  }

  private static Map<String, float[]> patchDoubt(ParityScene scene) {
    DeviceBuffer doubt = scene.in().poisonedF32(scene.shape(1));
    scene
        .kernels()
        .depth()
        .patchDoubt(
            scene.grid(), scene.grey(), scene.grey(), scene.motion(), 2, scene.belief(), doubt);
    return Map.of("doubt", scene.in().floats(doubt));
  }

  private static Map<String, float[]> beneath(ParityScene scene) {
    DeviceBuffer depth = scene.values(1, 0.5, 12, 9);
    DeviceBuffer std = scene.values(1, 0.1, 1, 9);
    DeviceBuffer labels = scene.in().of(scene.shape(1), labels(scene));
    scene
        .kernels()
        .depth()
        .leaveOutBeneath(
            scene.grid(), new float[] {0.1f, 0.8f, 0.2f}, scene.belief(), depth, std, labels);
    return Map.of(
        "depth", scene.in().floats(depth),
        "std", scene.in().floats(std),
        "labels", scene.in().bytes(labels));
  }

  private static byte[] labels(ParityScene scene) {
    float[] any = scene.in().values(scene.shape(1).elements(), 0, 3, 0);
    byte[] labels = new byte[any.length];
    for (int i = 0; i < any.length; i++) {
      labels[i] = (byte) (any[i] < 1 ? 0 : any[i] < 2 ? 127 : 255);
    }
    return labels;
  }

  private static Map<String, float[]> sceneFlow(ParityScene scene) {
    DeviceBuffer velocity = scene.in().poisonedF32(scene.shape(3));
    DeviceBuffer labels = scene.in().poisonedU8(scene.shape(1));
    scene
        .kernels()
        .depth()
        .sceneFlow(
            scene.grid(),
            scene.flow(5),
            scene.values(3, 0, 30, 9),
            scene.belief(),
            scene.belief(),
            scene.motion(),
            1 / 30.0,
            velocity,
            labels);
    return Map.of("velocity", scene.in().floats(velocity), "labels", scene.in().bytes(labels));
  }

  @FunctionalInterface
  private interface OnScene {
    Map<String, float[]> run(ParityScene scene);
  }

  private static ParityCase depthCase(String name, int stride, Tolerance tolerance, OnScene work) {
    return new ParityCase(
        "%s, stride %d".formatted(name, stride),
        tolerance,
        (k, s, size, r) -> work.run(new ParityScene(k, s, size, stride, r)));
  }
}
