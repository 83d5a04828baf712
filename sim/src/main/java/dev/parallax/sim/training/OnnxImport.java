package dev.parallax.sim.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.BatchNorm;
import java.util.Arrays;
import java.util.Map;

/**
 * Reads a network that {@link OnnxExport} wrote back into a block. The normalisations were folded
 * into the convolutions and become the identity with the bias as their shift: the block answers as
 * the file does as long as it runs without gathering statistics.
 */
final class OnnxImport {
  private OnnxImport() {}

  /**
   * A network with the numbers of a file, not yet trained further. The engine must have been
   * started.
   *
   * @param name of the file, for messages
   * @throws TrainingException if it is none of Parallax's own
   */
  static DepthTraining.Loaded load(
      byte[] onnx, String name, int width, int height, double weightDecay)
      throws TrainingException {
    DepthTraining.Loaded state = DepthTraining.fresh(width, height, weightDecay);
    try {
      into(state.network(), onnx);
      return state;
    } catch (IllegalArgumentException e) {
      state.model().close();
      throw new TrainingException(
          "%s: cannot be refined (%s); begin with built-in or depth.onnx from train"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  /**
   * @param network initialised; its numbers are replaced
   * @throws IllegalArgumentException if a layer is missing or of another size
   */
  static void into(DepthNetwork network, byte[] onnx) {
    Map<String, OnnxWeights.Weights> weights = OnnxWeights.of(onnx);
    network
        .convolutions()
        .forEach(
            (name, conv) -> {
              set(conv, "weight", values(weights, name + ".weight"));
              OnnxWeights.Weights bias = values(weights, name + ".bias");
              BatchNorm norm = network.norm(name);
              if (norm == null) {
                set(conv, "bias", bias);
              } else {
                int channels = bias.values().length;
                set(norm, "beta", bias);
                set(norm, "runningMean", all(channels, 0));
                set(norm, "runningVar", all(channels, 1));
                set(norm, "gamma", all(channels, (float) Math.sqrt(1 + DepthNetwork.NORM_EPSILON)));
              }
            });
  }

  private static OnnxWeights.Weights values(Map<String, OnnxWeights.Weights> all, String name) {
    OnnxWeights.Weights found = all.get(name);
    if (found == null) {
      throw new IllegalArgumentException("it is not one of Parallax's own networks: no " + name);
    }
    return found;
  }

  private static OnnxWeights.Weights all(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return new OnnxWeights.Weights(new long[] {count}, values);
  }

  private static void set(Block block, String name, OnnxWeights.Weights weights) {
    Parameter parameter = block.getDirectParameters().get(name);
    if (parameter == null) {
      throw new IllegalStateException("No parameter " + name);
    }
    NDArray own = parameter.getArray();
    if (own.getShape().size() != weights.values().length) {
      throw new IllegalArgumentException(
          "it is not one of Parallax's own networks: a layer holds %d numbers and not %d"
              .formatted(weights.values().length, own.getShape().size()));
    }
    try (NDManager scope = own.getManager().newSubManager()) {
      NDArray given = scope.create(weights.values(), new Shape(own.getShape().getShape()));
      given.copyTo(own);
    }
  }
}
