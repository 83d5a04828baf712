package dev.parallax.sim.training;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import dev.parallax.perception.prior.NetworkInput;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a trained network as ONNX, each normalisation folded into the convolution before it. */
final class OnnxExport {
  private static final String INPUT = "picture";
  private static final String OUTPUT = "depth";

  private OnnxExport() {}

  /**
   * @param notes facts for the file's metadata
   */
  static byte[] bytes(DepthNetwork network, Map<String, String> notes) {
    OnnxGraph graph = new OnnxGraph("parallax-depth");
    notes.forEach(graph::note);
    String last = DepthTopology.build(new Writing(graph, network), INPUT);
    graph.node("Identity", List.of(last), OUTPUT, Map.of());
    return graph.toBytes(
        INPUT, new long[] {1, NetworkInput.CHANNELS, -1, -1}, OUTPUT, new long[] {1, 2, -1, -1});
  }

  private static float[] values(Block block, String parameter) {
    Parameter found = block.getDirectParameters().get(parameter);
    if (found == null) {
      throw new IllegalStateException("No parameter " + parameter);
    }
    return found.getArray().toFloatArray();
  }

  private record Writing(OnnxGraph graph, DepthNetwork network) implements LayerOps<String> {
    @Override
    public String conv(
        String name, String in, int channels, int kernel, int stride, boolean activated) {
      String out = convolved(name, in, stride, network.norm(name));
      return activated ? relu(out) : out;
    }

    @Override
    public String head(String name, String in, int channels) {
      return convolved(name, in, 1, null);
    }

    private String convolved(String name, String in, int stride, @Nullable BatchNorm norm) {
      Conv2d conv = network.convolutions().get(name);
      if (conv == null) {
        throw new IllegalStateException("No layer " + name);
      }
      NDArray array = conv.getDirectParameters().get("weight").getArray();
      long[] shape = array.getShape().getShape();
      float[] weights = array.toFloatArray();
      float[] bias = norm == null ? values(conv, "bias") : folded(norm, weights);
      String w = graph.weights(name + ".weight", shape, weights);
      String b = graph.weights(name + ".bias", new long[] {bias.length}, bias);
      long edge = shape[2];
      long pad = edge / 2;
      return graph.node(
          "Conv",
          List.of(in, w, b),
          Map.of(
              "kernel_shape", new long[] {edge, edge},
              "strides", new long[] {stride, stride},
              "pads", new long[] {pad, pad, pad, pad}));
    }

    /** Scales the weights in place and returns the bias. */
    private static float[] folded(BatchNorm norm, float[] weights) {
      float[] gamma = values(norm, "gamma");
      float[] beta = values(norm, "beta");
      float[] mean = values(norm, "runningMean");
      float[] variance = values(norm, "runningVar");
      int each = weights.length / gamma.length;
      float[] bias = new float[gamma.length];
      for (int i = 0; i < gamma.length; i++) {
        double scale = gamma[i] / Math.sqrt(variance[i] + DepthNetwork.NORM_EPSILON);
        for (int k = 0; k < each; k++) {
          weights[i * each + k] *= (float) scale;
        }
        bias[i] = (float) (beta[i] - mean[i] * scale);
      }
      return bias;
    }

    @Override
    public String doubled(String in) {
      String name = in + ".twice";
      graph.weights(name, new long[] {4}, new float[] {1, 1, 2, 2});
      return graph.node(
          "Resize",
          List.of(in, "", name),
          Map.of(
              "mode", "nearest",
              "coordinate_transformation_mode", "asymmetric",
              "nearest_mode", "floor"));
    }

    @Override
    public String sum(String a, String b) {
      return graph.node("Add", List.of(a, b), Map.of());
    }

    @Override
    public String relu(String in) {
      return graph.node("Relu", List.of(in), Map.of());
    }

    @Override
    public String mean(String in) {
      return graph.node("GlobalAveragePool", List.of(in), Map.of());
    }
  }
}
