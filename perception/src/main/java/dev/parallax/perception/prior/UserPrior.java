package dev.parallax.perception.prior;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** A user's own depth network. It takes no known depth and says nothing of its own error. */
public final class UserPrior implements DepthPrior {
  /** What networks that were trained on many places are usually off by in another. */
  private static final double METRIC_RELATIVE_STD = 0.2;

  private final String name;
  private final UserModel model;
  private final UserPicture input;
  private final NetworkRunner network;

  /**
   * @param network takes {@code [1 C H W]}; closed with this
   * @throws IllegalArgumentException if the model's output is flow
   */
  public UserPrior(String name, UserModel model, NetworkRunner network) {
    if (model.output().isFlow()) {
      throw new IllegalArgumentException(name + ": its output is flow, not depth");
    }
    this.name = name;
    this.model = model;
    this.network = network;
    input = new UserPicture(model);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String engine() {
    return network.engine();
  }

  @Override
  public OptionalDouble metricRelativeStd() {
    return model.output().meaning() == PriorDepth.Meaning.METRIC
        ? OptionalDouble.of(METRIC_RELATIVE_STD)
        : OptionalDouble.empty();
  }

  @Override
  public PriorDepth estimate(
      Picture rectified, PinholeCamera camera, float @Nullable [] knownInverseDepth)
      throws PriorException {
    Tensor answer = answer(rectified);
    long[] shape = answer.shape();
    int width = (int) shape[shape.length - 1];
    int height = (int) shape[shape.length - 2];
    PinholeCamera grid =
        new AreaResize(camera.width(), camera.height(), width, height).camera(camera);
    float[] depth = new float[answer.values().length];
    float[] std = new float[depth.length];
    Arrays.fill(std, Float.NaN);
    for (int i = 0; i < depth.length; i++) {
      float value = answer.values()[i];
      if (Float.isNaN(value)) {
        throw new PriorException(name + ": answers with NaN; it is broken or wants other input");
      }
      float metres = model.output().isInverse() ? 1 / value : value;
      depth[i] = metres > 0 && metres < Float.POSITIVE_INFINITY ? metres : Float.NaN;
    }
    return new PriorDepth(grid, depth, std, model.output().meaning());
  }

  /**
   * What the network itself says, one number a pixel.
   *
   * @throws PriorException if the answer is not one picture of numbers
   */
  public Tensor answer(Picture picture) throws PriorException {
    Tensor out = network.run(input.tensor(picture));
    long[] shape = out.shape();
    boolean onePicture = shape.length >= 2;
    for (int i = 0; i < shape.length - 2; i++) {
      onePicture &= shape[i] == 1;
    }
    if (!onePicture || shape[shape.length - 1] < 2 || shape[shape.length - 2] < 2) {
      throw new PriorException(
          "%s: answers with shape %s; one number a pixel is wanted, [1 H W] or [1 1 H W]"
              .formatted(name, Arrays.toString(shape)));
    }
    return out;
  }

  @Override
  public void close() {
    network.close();
  }
}
