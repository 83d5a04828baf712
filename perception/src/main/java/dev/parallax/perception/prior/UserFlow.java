package dev.parallax.perception.prior;

import dev.parallax.perception.frame.Picture;
import java.util.Arrays;

/**
 * A user's own flow network: two pictures in, out comes where each pixel of the first lies in the
 * second. One caller at a time; owns the network.
 */
public final class UserFlow implements AutoCloseable {
  private final String name;
  private final UserModel model;
  private final UserPicture input;
  private final NetworkRunner network;

  /**
   * @param name for messages
   * @param network takes two pictures {@code [1 C H W]} and answers {@code [1 2 H W]}, (du, dv) in
   *     pixels of those; closed with this
   * @throws IllegalArgumentException if the model's output is a depth
   */
  public UserFlow(String name, UserModel model, NetworkRunner network) {
    if (!model.output().isFlow()) {
      throw new IllegalArgumentException(name + ": its output is a depth, not flow");
    }
    this.name = name;
    this.model = model;
    this.network = network;
    input = new UserPicture(model);
  }

  public String name() {
    return name;
  }

  /** What runs it, on what device and why, for messages. */
  public String engine() {
    return network.engine();
  }

  /** Width of the pictures that the network takes. */
  public int width() {
    return model.width();
  }

  /** Height of the pictures that the network takes. */
  public int height() {
    return model.height();
  }

  /**
   * @param to of the same size as {@code from}
   * @param stride flow is wanted at the centre of every block of so many pixels
   * @return {@code [height/stride width/stride 2]} (du, dv) in pixels of that grid
   * @throws PriorException if the network fails, or answers with something that is no flow
   */
  public float[] estimate(Picture from, Picture to, int stride) throws PriorException {
    if (from.width() != to.width() || from.height() != to.height()) {
      throw new IllegalArgumentException(
          "Flow between pictures of %dx%d and %dx%d"
              .formatted(from.width(), from.height(), to.width(), to.height()));
    }
    float[] answer = checked(network.run(input.tensor(from), input.tensor(to)));
    return sampled(answer, from.width(), from.height(), stride);
  }

  private float[] checked(Tensor out) throws PriorException {
    long[] wanted = {2, model.height(), model.width()};
    long[] shape = out.shape();
    int extra = Math.max(0, shape.length - wanted.length);
    boolean fits = Arrays.equals(shape, extra, shape.length, wanted, 0, wanted.length);
    for (int i = 0; i < extra; i++) {
      fits &= shape[i] == 1;
    }
    if (!fits) {
      throw new PriorException(
          "%s: answers with shape %s; flow as [1 2 %d %d] is wanted"
              .formatted(name, Arrays.toString(shape), model.height(), model.width()));
    }
    for (float value : out.values()) {
      if (!Float.isFinite(value)) {
        throw new PriorException(
            name + ": answers with NaN or infinity; it is broken or wants other input");
      }
    }
    return out.values();
  }

  private float[] sampled(float[] answer, int pictureWidth, int pictureHeight, int stride) {
    int width = pictureWidth / stride;
    int height = pictureHeight / stride;
    double scaleU = (double) pictureWidth / model.width();
    double scaleV = (double) pictureHeight / model.height();
    float[] flow = new float[2 * width * height];
    for (int v = 0; v < height; v++) {
      double y = place(v, stride, scaleV, model.height());
      for (int u = 0; u < width; u++) {
        double x = place(u, stride, scaleU, model.width());
        int i = 2 * (v * width + u);
        flow[i] = (float) (between(answer, 0, x, y) * scaleU / stride);
        flow[i + 1] = (float) (between(answer, 1, x, y) * scaleV / stride);
      }
    }
    return flow;
  }

  /** Where a block's centre lies in the network's picture; edges of both are at -0.5. */
  private static double place(int block, int stride, double scale, int size) {
    double pixel = block * stride + (stride - 1) / 2.0;
    return Math.max(0, Math.min(size - 1.0, (pixel + 0.5) / scale - 0.5));
  }

  private double between(float[] answer, int channel, double x, double y) {
    int x0 = Math.min((int) x, Math.max(0, model.width() - 2));
    int y0 = Math.min((int) y, Math.max(0, model.height() - 2));
    int right = Math.min(x0 + 1, model.width() - 1) - x0;
    int below = (Math.min(y0 + 1, model.height() - 1) - y0) * model.width();
    double a = x - x0;
    double b = y - y0;
    int i = (channel * model.height() + y0) * model.width() + x0;
    return (1 - b) * ((1 - a) * answer[i] + a * answer[i + right])
        + b * ((1 - a) * answer[i + below] + a * answer[i + below + right]);
  }

  @Override
  public void close() {
    network.close();
  }
}
