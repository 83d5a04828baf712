package dev.parallax.perception.prior;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import java.util.Arrays;
import java.util.Optional;

/** What depth may begin with where none was measured: a network's guess at one picture. */
public final class FirstDepth {
  /** Of networks that say nothing of their own error. */
  private static final double UNTOLD_RELATIVE_STD = 0.3;

  /**
   * Whole surfaces are guessed too near or too far, whatever each of their pixels says. More than
   * what enters a map: a guess alone is not to occupy anything.
   */
  private static final double LEAST_RELATIVE_STD = 0.25;

  /**
   * A guess less sure than this begins nothing: where whole surfaces stand at a wrong depth, the
   * first path that is solved for fits them, and no std undoes that.
   */
  private static final double MAX_RELATIVE_STD = 0.3;

  /** With less of the picture guessed, nothing is begun: the road alone does not tell the way. */
  private static final double LEAST_SHARE = 0.5;

  private FirstDepth() {}

  /**
   * @param grid whose pixels the depth is to lie on, of the same view
   * @param typicalDepth what the median of inverse depth is to stand for, in the unit wanted; NaN
   *     leaves depth in the network's own unit
   * @return NaN where the network is too unsure; empty where it is nearly everywhere, or tells
   *     inverse depth but for an offset, so that nothing can be said of any pixel alone
   */
  public static Optional<DepthMap> of(PriorDepth answer, PinholeCamera grid, double typicalDepth) {
    if (answer.meaning() == PriorDepth.Meaning.UP_TO_SCALE_AND_SHIFT) {
      return Optional.empty();
    }
    PriorSampler sampler = new PriorSampler(answer, grid);
    float[] depth = new float[sampler.pixels()];
    float[] std = new float[depth.length];
    double[] known = new double[depth.length];
    int n = 0;
    for (int i = 0; i < depth.length; i++) {
      double told = sampler.relativeStd(i);
      double relativeStd =
          Math.max(LEAST_RELATIVE_STD, Double.isNaN(told) ? UNTOLD_RELATIVE_STD : told);
      float inverseDepth = sampler.inverseDepth(i);
      boolean isKnown = inverseDepth > 0 && !(told >= MAX_RELATIVE_STD);
      depth[i] = isKnown ? 1 / inverseDepth : Float.NaN;
      std[i] = (float) (relativeStd * depth[i]);
      if (isKnown) {
        known[n++] = inverseDepth;
      }
    }
    if (n < LEAST_SHARE * depth.length) {
      return Optional.empty();
    }
    double factor = Double.isNaN(typicalDepth) ? 1 : typicalDepth * OrderStatistic.median(known, n);
    return Optional.of(
        new DepthMap(grid.width(), grid.height(), times(depth, factor), times(std, factor)));
  }

  private static float[] times(float[] values, double factor) {
    float[] scaled = Arrays.copyOf(values, values.length);
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= (float) factor;
    }
    return scaled;
  }
}
