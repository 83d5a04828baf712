package dev.parallax.perception.prior;

import dev.parallax.perception.geometry.OrderStatistic;
import java.util.OptionalDouble;

/**
 * What brings a network's inverse depth x into the unit of measured depth: {@code scale x + shift}.
 * The scale is the median of the ratios, which half the pixels being wrong would not move far; only
 * where a shift is unknown too are both found by least squares (Ranftl et al. 2020). Where the
 * network tells no std, the spread of what is left over stands for it.
 *
 * @param spread relative std; NaN where the network tells its own everywhere
 */
record PriorAlignment(double scale, double shift, double spread) {
  /**
   * @param measured {@code [h w]} of the sampler's grid, NaN where unknown
   * @throws PriorException if network and measurement share no pixel, or one picture is flat
   */
  static PriorAlignment of(PriorSampler sampler, float[] measured, PriorDepth.Meaning meaning)
      throws PriorException {
    PriorAlignment fit =
        meaning == PriorDepth.Meaning.UP_TO_SCALE_AND_SHIFT
            ? leastSquares(sampler, measured)
            : medianScale(sampler, measured);
    return sampler.tellsStd()
        ? fit
        : new PriorAlignment(fit.scale, fit.shift, fit.spread(sampler, measured));
  }

  /** The std of depth over what this makes of the network's, less one. */
  private double spread(PriorSampler sampler, float[] measured) {
    double[] rest = new double[sampler.pixels()];
    int count = 0;
    for (int i = 0; i < rest.length; i++) {
      double off = Math.abs(measured[i] / depth(sampler.inverseDepth(i)) - 1);
      if (off < Double.POSITIVE_INFINITY) {
        rest[count++] = off;
      }
    }
    return OrderStatistic.STD_OVER_MAD * OrderStatistic.median(rest, count);
  }

  private static PriorAlignment medianScale(PriorSampler sampler, float[] measured)
      throws PriorException {
    OptionalDouble unit = sampler.unit(measured);
    if (unit.isEmpty()) {
      throw new PriorException("the network and the measured depth have no pixel in common");
    }
    return new PriorAlignment(1 / unit.getAsDouble(), 0, Double.NaN);
  }

  private static PriorAlignment leastSquares(PriorSampler sampler, float[] measured)
      throws PriorException {
    double n = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int i = 0; i < measured.length; i++) {
      double x = sampler.inverseDepth(i);
      double y = 1 / measured[i];
      if (y > 0 && !Double.isNaN(x)) {
        n++;
        sumX += x;
        sumY += y;
        sumXx += x * x;
        sumXy += x * y;
      }
    }
    double determinant = n * sumXx - sumX * sumX;
    if (!(determinant > 1e-9 * n * sumXx)) {
      throw new PriorException("the network tells no near from far where depth is measured");
    }
    double scale = (n * sumXy - sumX * sumY) / determinant;
    return new PriorAlignment(scale, (sumY - scale * sumX) / n, Double.NaN);
  }

  /** A network's answer in the unit of measured depth, on its own grid. */
  PriorDepth aligned(PriorDepth answer) {
    float[] depth = new float[answer.depth().length];
    float[] std = new float[depth.length];
    for (int i = 0; i < depth.length; i++) {
      depth[i] = (float) depth(1 / answer.depth()[i]);
      std[i] = (float) (depth[i] * relativeStd(answer.std()[i] / answer.depth()[i]));
    }
    return new PriorDepth(answer.grid(), depth, std, PriorDepth.Meaning.UP_TO_SCALE);
  }

  /** Not positive where the network sees beyond infinity. */
  double depth(double inverseDepth) {
    return 1 / (scale * inverseDepth + shift);
  }

  double relativeStd(double told) {
    return Double.isNaN(told) ? spread : told;
  }
}
