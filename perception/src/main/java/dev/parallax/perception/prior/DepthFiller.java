package dev.parallax.perception.prior;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Arrays;
import java.util.Optional;

/**
 * Fills the holes of measured depth from a network that is told what was measured. What was
 * measured stays as it is, to the bit; where too little was, nothing is filled. One caller at a
 * time; owns the network.
 */
public final class DepthFiller implements AutoCloseable {
  /** With less than this share measured, the network would have to guess the picture alone. */
  private static final double LEAST_KNOWN_SHARE = 0.1;

  /** A filled pixel less sure than this tells a reader nothing. */
  private static final double MAX_RELATIVE_STD = 0.5;

  /** Measured depth says how far the world goes; much farther is sky or a guess. */
  private static final double BEYOND = 1.5;

  private static final double FAR_QUANTILE = 0.95;

  private final DepthPrior prior;

  public DepthFiller(DepthPrior prior) {
    this.prior = prior;
  }

  public String name() {
    return prior.name();
  }

  /** As {@link DepthPrior#engine}. */
  public String engine() {
    return prior.engine();
  }

  /** As {@link DepthPrior#unsuited}. */
  public Optional<String> unsuited(PinholeCamera camera) {
    return prior.unsuited(camera);
  }

  /**
   * @param rectified a picture without distortion, of {@code camera}
   * @param grid the camera whose pixels {@code measured} lies on: {@code camera} reduced
   * @param measured NaN where unknown, in any unit
   * @return the same with holes filled, std being the network's own; in the same unit
   * @throws PriorException if the network fails
   */
  public DepthMap fill(
      Picture rectified, PinholeCamera camera, PinholeCamera grid, DepthMap measured)
      throws PriorException {
    float[] sorted = sortedKnown(measured.depthM());
    if (sorted.length < LEAST_KNOWN_SHARE * measured.depthM().length) {
      return measured;
    }
    // The network thinks in metres; the unit here may be any. In its middle it errs least.
    double toMetres = NetworkInput.middleDepthM() / sorted[sorted.length / 2];
    PriorDepth answer =
        prior.estimate(rectified, camera, known(measured.depthM(), grid, camera, toMetres));
    PriorSampler sampler = new PriorSampler(answer, grid);
    PriorAlignment alignment = PriorAlignment.of(sampler, measured.depthM(), answer.meaning());
    double farthest = BEYOND * sorted[(int) (FAR_QUANTILE * (sorted.length - 1))];
    return filled(measured, sampler, alignment, farthest);
  }

  private static DepthMap filled(
      DepthMap measured, PriorSampler sampler, PriorAlignment alignment, double farthest) {
    float[] depth = measured.depthM().clone();
    float[] std = measured.stdM().clone();
    for (int i = 0; i < depth.length; i++) {
      if (Float.isNaN(depth[i])) {
        double value = alignment.depth(sampler.inverseDepth(i));
        double relativeStd = alignment.relativeStd(sampler.relativeStd(i));
        if (value > 0 && value < farthest && relativeStd < MAX_RELATIVE_STD) {
          depth[i] = (float) value;
          std[i] = (float) (value * relativeStd);
        }
      }
    }
    return new DepthMap(measured.width(), measured.height(), depth, std);
  }

  private static float[] sortedKnown(float[] depth) {
    float[] known = new float[depth.length];
    int count = 0;
    for (float value : depth) {
      if (value > 0 && value < Float.POSITIVE_INFINITY) {
        known[count++] = value;
      }
    }
    float[] sorted = Arrays.copyOf(known, count);
    Arrays.sort(sorted);
    return sorted;
  }

  /** {@code [height width]} of the picture, 1/m, 0 where unknown. */
  private static float[] known(
      float[] depth, PinholeCamera grid, PinholeCamera camera, double toMetres) {
    float[] known = new float[camera.width() * camera.height()];
    for (int v = 0; v < camera.height(); v++) {
      int row = v * grid.height() / camera.height();
      for (int u = 0; u < camera.width(); u++) {
        float value = depth[row * grid.width() + u * grid.width() / camera.width()];
        boolean usable = value > 0 && value < Float.POSITIVE_INFINITY;
        known[v * camera.width() + u] = usable ? (float) (1 / (value * toMetres)) : 0;
      }
    }
    return known;
  }

  @Override
  public void close() {
    prior.close();
  }
}
