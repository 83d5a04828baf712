package dev.parallax.perception.prior;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Parallax's own network: grey, rays and known depth in, log inverse depth and its scale out. */
public final class OwnPrior implements DepthPrior {
  /** Horizontal fields of view that training draws from lie well inside of these, degrees. */
  private static final double NARROWEST_DEG = 25;

  private static final double WIDEST_DEG = 125;

  /** Of log depth, over real recordings: see the README of this module. */
  private static final double METRIC_RELATIVE_STD = 0.7;

  private final String name;
  private final NetworkRunner network;

  /**
   * @param network takes {@code [1 5 H W]} as {@link NetworkInput} says and answers {@code [1 2 H/2
   *     W/2]}; closed with this
   */
  public OwnPrior(String name, NetworkRunner network) {
    this.name = name;
    this.network = network;
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
  public Optional<String> unsuited(PinholeCamera camera) {
    double degrees = Math.toDegrees(2 * Math.atan(camera.width() / (2 * camera.fx())));
    boolean known = degrees >= NARROWEST_DEG && degrees <= WIDEST_DEG;
    return known
        ? Optional.empty()
        : Optional.of(
            "the camera sees %.0f degrees across and %s knows %.0f to %.0f; check its calibration"
                .formatted(degrees, name, NARROWEST_DEG, WIDEST_DEG));
  }

  @Override
  public OptionalDouble metricRelativeStd() {
    return OptionalDouble.of(METRIC_RELATIVE_STD);
  }

  @Override
  public PriorDepth estimate(
      Picture rectified, PinholeCamera camera, float @Nullable [] knownInverseDepth)
      throws PriorException {
    AreaResize resize = NetworkPicture.resize(rectified);
    PinholeCamera small = resize.camera(camera);
    float[] known =
        knownInverseDepth == null
            ? new float[small.width() * small.height()]
            : resize.sparse(knownInverseDepth);
    float[] input = new float[NetworkInput.size(small.width(), small.height())];
    NetworkInput.fill(resize.grey(rectified), small, known, input, 0);
    Tensor out =
        network.run(
            new Tensor(
                input, new long[] {1, NetworkInput.CHANNELS, small.height(), small.width()}));
    return depth(out, small);
  }

  private PriorDepth depth(Tensor out, PinholeCamera small) throws PriorException {
    PinholeCamera grid = small.reducedBy(2);
    int pixels = grid.width() * grid.height();
    if (out.values().length != 2 * pixels) {
      throw new PriorException(
          "%s answers with %d values for %dx%d pixels; it is not one of Parallax's own networks"
              .formatted(name, out.values().length, grid.width(), grid.height()));
    }
    float[] depth = new float[pixels];
    float[] std = new float[pixels];
    for (int i = 0; i < pixels; i++) {
      depth[i] = (float) Math.exp(-out.values()[i]);
      // A Laplace scale b is a standard deviation of b times the root of two, of log depth here.
      std[i] = depth[i] * (float) (Math.sqrt(2) * Math.exp(out.values()[pixels + i]));
      if (!(depth[i] > 0 && depth[i] < Float.POSITIVE_INFINITY)) {
        throw new PriorException(
            name + " answers with numbers that are no depth (NaN or infinite)");
      }
    }
    return new PriorDepth(grid, depth, std, PriorDepth.Meaning.METRIC);
  }

  @Override
  public void close() {
    network.close();
  }
}
