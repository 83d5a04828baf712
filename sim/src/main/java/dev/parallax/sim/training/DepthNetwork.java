package dev.parallax.sim.training;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.parallax.perception.prior.NetworkInput;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@link DepthTopology} as a DJL block, to be trained. One thread. */
final class DepthNetwork extends AbstractBlock {
  static final float NORM_EPSILON = 1e-5f;

  /** As the engine numbers it. */
  private static final int NEAREST = 2;

  private final Map<String, Conv2d> convolutions = new LinkedHashMap<>();
  private final Map<String, BatchNorm> norms = new LinkedHashMap<>();
  private final Map<String, Shape> inputShapes = new LinkedHashMap<>();

  DepthNetwork() {
    DepthTopology.build(new Declaring(), new Shape(1, NetworkInput.CHANNELS, 32, 32));
  }

  private static NDArray own(BatchNorm norm, String name) {
    Parameter parameter = norm.getDirectParameters().get(name);
    if (parameter == null) {
      throw new IllegalStateException("No parameter " + name);
    }
    return parameter.getArray();
  }

  /** A model that holds this network, not initialised. */
  static Model model() {
    Model model = Model.newInstance("parallax-depth", "PyTorch");
    model.setBlock(new DepthNetwork());
    return model;
  }

  Map<String, Conv2d> convolutions() {
    return convolutions;
  }

  /** The normalisation after a convolution; null for the head. */
  @Nullable BatchNorm norm(String name) {
    return norms.get(name);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> ignored) {
    return new NDList(
        DepthTopology.build(new Computing(parameters, training), inputs.singletonOrThrow()));
  }

  @Override
  public void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    convolutions.forEach((name, conv) -> conv.initialize(manager, type, shapeOf(name)));
    norms.forEach((name, norm) -> norm.initialize(manager, type, shapeOf(name + ".norm")));
  }

  private Shape shapeOf(String name) {
    Shape shape = inputShapes.get(name);
    if (shape == null) {
      throw new IllegalStateException("No layer " + name);
    }
    return shape;
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape in = inputs[0];
    return new Shape[] {new Shape(in.get(0), 2, in.get(2) / 2, in.get(3) / 2)};
  }

  /**
   * Gives normalisations that were folded into their convolutions the statistics back that pictures
   * have there, and leaves every answer as it is: without, the first step that gathers statistics
   * would change all that was learned.
   *
   * @param input {@code [N 5 H W]}
   */
  void unfold(ParameterStore parameters, NDArray input) {
    DepthTopology.build(new Unfolding(parameters), input);
  }

  /** Makes the layers, given shapes only. */
  private final class Declaring implements LayerOps<Shape> {
    @Override
    public Shape conv(
        String name, Shape in, int channels, int kernel, int stride, boolean activated) {
      Shape out = declare(name, in, channels, kernel, stride, false);
      norms.put(
          name,
          addChildBlock(name + ".norm", BatchNorm.builder().optEpsilon(NORM_EPSILON).build()));
      inputShapes.put(name + ".norm", out);
      return out;
    }

    @Override
    public Shape head(String name, Shape in, int channels) {
      return declare(name, in, channels, 3, 1, true);
    }

    private Shape declare(
        String name, Shape in, int channels, int kernel, int stride, boolean bias) {
      Conv2d conv =
          Conv2d.builder()
              .setKernelShape(new Shape(kernel, kernel))
              .setFilters(channels)
              .optStride(new Shape(stride, stride))
              .optPadding(new Shape(kernel / 2, kernel / 2))
              .optBias(bias)
              .build();
      convolutions.put(name, addChildBlock(name, conv));
      inputShapes.put(name, in);
      return new Shape(1, channels, in.get(2) / stride, in.get(3) / stride);
    }

    @Override
    public Shape doubled(Shape in) {
      return new Shape(1, in.get(1), 2 * in.get(2), 2 * in.get(3));
    }

    @Override
    public Shape sum(Shape a, Shape b) {
      return a;
    }

    @Override
    public Shape relu(Shape in) {
      return in;
    }

    @Override
    public Shape mean(Shape in) {
      return new Shape(1, in.get(1), 1, 1);
    }
  }

  /** Runs the layers and spreads each normalisation over what goes into it. */
  private final class Unfolding extends Computing {
    Unfolding(ParameterStore parameters) {
      super(parameters, false);
    }

    @Override
    NDArray normalised(BatchNorm norm, NDArray in) {
      NDArray out = super.normalised(norm, in);
      NDArray mean = perChannel(in);
      NDArray square = perChannel(in.square());
      NDArray variance = square.sub(mean.square()).maximum(0);
      // y = gain x + shift before; the same with x = mean + sqrt(variance + epsilon) x'
      NDArray oldSpread = own(norm, "runningVar").add(NORM_EPSILON).sqrt();
      NDArray gain = own(norm, "gamma").div(oldSpread);
      NDArray shift = own(norm, "beta").sub(gain.mul(own(norm, "runningMean")));
      shift.add(gain.mul(mean)).copyTo(own(norm, "beta"));
      gain.mul(variance.add(NORM_EPSILON).sqrt()).copyTo(own(norm, "gamma"));
      mean.copyTo(own(norm, "runningMean"));
      variance.copyTo(own(norm, "runningVar"));
      return out;
    }

    /** The mean of {@code [N C H W]}, {@code [C]}. */
    private static NDArray perChannel(NDArray all) {
      return all.mean(new int[] {3}).mean(new int[] {2}).mean(new int[] {0});
    }
  }

  /** Runs the layers. */
  private class Computing implements LayerOps<NDArray> {
    private final ParameterStore parameters;
    private final boolean training;

    Computing(ParameterStore parameters, boolean training) {
      this.parameters = parameters;
      this.training = training;
    }

    @Override
    public NDArray conv(
        String name, NDArray in, int channels, int kernel, int stride, boolean activated) {
      BatchNorm norm = norms.get(name);
      if (norm == null) {
        throw new IllegalStateException("No normalisation after " + name);
      }
      NDArray out = normalised(norm, head(name, in, channels));
      return activated ? relu(out) : out;
    }

    NDArray normalised(BatchNorm norm, NDArray in) {
      return norm.forward(parameters, new NDList(in), training).singletonOrThrow();
    }

    @Override
    public NDArray head(String name, NDArray in, int channels) {
      Conv2d conv = convolutions.get(name);
      if (conv == null) {
        throw new IllegalStateException("No layer " + name);
      }
      return conv.forward(parameters, new NDList(in), training).singletonOrThrow();
    }

    @Override
    public NDArray doubled(NDArray in) {
      long[] size = {2 * in.getShape().get(2), 2 * in.getShape().get(3)};
      return in.getNDArrayInternal().interpolation(size, NEAREST, false);
    }

    @Override
    public NDArray sum(NDArray a, NDArray b) {
      return a.add(b);
    }

    @Override
    public NDArray relu(NDArray in) {
      return Activation.relu(in);
    }

    @Override
    public NDArray mean(NDArray in) {
      return in.mean(new int[] {3}, true).mean(new int[] {2}, true);
    }
  }
}
