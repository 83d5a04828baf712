package dev.parallax.sim.eval.depth;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.eval.EvaluationException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Takes true depth at the pixel centres of an estimate's grid, which may be coarser or of another
 * pinhole camera in the same place.
 *
 * <p>Between true pixels the inverse depth is interpolated bilinearly, which is exact on planes,
 * where all four neighbours are known and their depths within 10 % of one another; elsewhere, at
 * edges and holes, the nearest true pixel is taken, so that no depth between two surfaces is
 * invented.
 */
public final class TruthSampler {
  private static final float ONE_SURFACE_RATIO = 1.1f;

  /** Closer to a pixel's centre than this, that pixel alone is meant. */
  private static final double ON_CENTRE_PX = 1e-3;

  private final PinholeCamera truth;
  private final PinholeCamera estimate;

  /** Both cameras share their optical centre and axes. */
  public TruthSampler(PinholeCamera truth, PinholeCamera estimate) {
    this.truth = truth;
    this.estimate = estimate;
  }

  /**
   * For an estimate of the given size: on its own camera where it left one, else on the true camera
   * reduced by a whole number.
   *
   * @throws EvaluationException if the size does not fit either
   */
  public static TruthSampler between(
      PinholeCamera truth, @Nullable PinholeCamera own, int width, int height) {
    PinholeCamera grid =
        own != null ? own : truth.reducedBy(Math.max(1, truth.width() / Math.max(1, width)));
    if (grid.width() != width || grid.height() != height) {
      throw new EvaluationException(
          "the estimate is %dx%d, which is neither its camera.yaml's size nor a whole fraction of"
                  .formatted(width, height)
              + " the truth's %dx%d; run replay again".formatted(truth.width(), truth.height()));
    }
    return new TruthSampler(truth, grid);
  }

  /** {@code [h w]} for each pixel of the estimate the nearest true one, -1 out of its picture. */
  public int[] nearestPixels() {
    int[] nearest = new int[estimate.width() * estimate.height()];
    for (int i = 0; i < nearest.length; i++) {
      int column = i % estimate.width();
      int row = i / estimate.width();
      long u = Math.round(truth.fx() * (column - estimate.cx()) / estimate.fx() + truth.cx());
      long v = Math.round(truth.fy() * (row - estimate.cy()) / estimate.fy() + truth.cy());
      boolean inside = u >= 0 && v >= 0 && u < truth.width() && v < truth.height();
      nearest[i] = inside ? (int) (v * truth.width() + u) : -1;
    }
    return nearest;
  }

  /** The grid that {@link #sample} answers on. */
  public PinholeCamera grid() {
    return estimate;
  }

  /**
   * @param depthM {@code [h w]} of the true camera, metres
   * @return {@code [h w]} of the estimate's camera, NaN where the truth is unknown, infinite (sky)
   *     or out of its picture
   */
  public float[] sample(float[] depthM) {
    float[] sampled = new float[estimate.width() * estimate.height()];
    Arrays.fill(sampled, Float.NaN);
    for (int row = 0; row < estimate.height(); row++) {
      double v = truth.fy() * (row - estimate.cy()) / estimate.fy() + truth.cy();
      for (int column = 0; column < estimate.width(); column++) {
        double u = truth.fx() * (column - estimate.cx()) / estimate.fx() + truth.cx();
        float depth = at(depthM, u, v);
        if (depth > 0 && depth < Float.POSITIVE_INFINITY) {
          sampled[row * estimate.width() + column] = depth;
        }
      }
    }
    return sampled;
  }

  private float at(float[] depthM, double u, double v) {
    int nearU = (int) Math.round(u);
    int nearV = (int) Math.round(v);
    if (nearU < 0 || nearV < 0 || nearU >= truth.width() || nearV >= truth.height()) {
      return Float.NaN;
    }
    float nearest = depthM[nearV * truth.width() + nearU];
    int u0 = (int) Math.floor(u + ON_CENTRE_PX);
    int v0 = (int) Math.floor(v + ON_CENTRE_PX);
    double a = u - u0;
    double b = v - v0;
    int du = a > ON_CENTRE_PX ? 1 : 0;
    int dv = b > ON_CENTRE_PX ? 1 : 0;
    if (u0 < 0 || v0 < 0 || u0 + du >= truth.width() || v0 + dv >= truth.height()) {
      return nearest;
    }
    float d00 = depthM[v0 * truth.width() + u0];
    float d01 = depthM[v0 * truth.width() + u0 + du];
    float d10 = depthM[(v0 + dv) * truth.width() + u0];
    float d11 = depthM[(v0 + dv) * truth.width() + u0 + du];
    float least = Math.min(Math.min(d00, d01), Math.min(d10, d11)); // NaN if any is
    float most = Math.max(Math.max(d00, d01), Math.max(d10, d11));
    if (!(least > 0 && most <= least * ONE_SURFACE_RATIO)) {
      return nearest;
    }
    double inverse = (1 - b) * ((1 - a) / d00 + a / d01) + b * ((1 - a) / d10 + a / d11);
    return (float) (1 / inverse);
  }
}
