package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.MeasurementRules;

/**
 * Inverse depth from a flow to a reference picture, fused into the belief.
 *
 * <p>What a row's flow says is {@link EpipolarRow}'s; here is what becomes of the belief.
 */
final class Triangulation {
  private static final float MOVING = 0.5f;

  /** With less, the direction of the epipolar line is noise. */
  private static final float MIN_PARALLAX_PX = 2;

  /** Flow errors to one reference repeat from frame to frame; each counts this much less. */
  private static final float CORRELATION_INFLATION = 4;

  /** No single flow is trusted to better than this share of the depth. */
  private static final float MIN_RELATIVE_STD = 0.02f;

  /** What remains sure after any number of measurements. */
  private static final float FLOOR_RELATIVE_STD = 0.01f;

  private final DepthGrid grid;
  private final float[] flow;
  private final float[] inconsistency;
  private final float[] covariance;
  private final GridRays rays;
  private final float maxInconsistency;
  private final float gate;
  private final float[] rho;
  private final float[] variance;
  private final float[] motion;
  private final float[] across;

  Triangulation(
      DepthGrid grid,
      float[] flow,
      float[] inconsistency,
      float[] covariance,
      double[] T_ref_cur,
      MeasurementRules rules,
      float[] rho,
      float[] variance,
      float[] motion,
      float[] across) {
    this.grid = grid;
    this.flow = flow;
    this.inconsistency = inconsistency;
    this.covariance = covariance;
    rays = new GridRays(grid, T_ref_cur);
    this.maxInconsistency = (float) rules.maxInconsistencyPx();
    this.gate = (float) rules.gate();
    this.rho = rho;
    this.variance = variance;
    this.motion = motion;
    this.across = across;
  }

  void run(int begin, int end) {
    EpipolarRow row = new EpipolarRow(rays, grid.stride());
    for (int v = begin; v < end; v++) {
      int first = v * grid.width();
      row.measure(v, flow, inconsistency, covariance, gate);
      for (int u = 0; u < grid.width(); u++) {
        across[first + u] = Float.NaN;
        if (row.open[u] <= maxInconsistency && row.isMeasured(u)) {
          pixel(first + u, row, u);
        }
      }
    }
  }

  private void pixel(int i, EpipolarRow row, int u) {
    if (row.parallaxPx2(u) > MIN_PARALLAX_PX * MIN_PARALLAX_PX) {
      across[i] = row.across(u);
    }
    if (row.offLine[u] > 0 || motion[i] > MOVING) {
      doubt(i, 1.1f); // nothing learnt about a point that does not stand still
    } else {
      fuse(i, row.measured[u], row.variance[u]);
    }
  }

  private void fuse(int i, float measured, float rawVariance) {
    float believed = rho[i];
    boolean known = !Float.isNaN(believed);
    float scale = Math.max(measured, known ? believed : 0);
    float v = CORRELATION_INFLATION * rawVariance + square(MIN_RELATIVE_STD * scale);
    if (!known) {
      if (measured > 0 || measured * measured < 9 * v) {
        rho[i] = Math.max(measured, 0.05f * (float) Math.sqrt(v));
        variance[i] = v;
      }
      return;
    }
    float difference = measured - believed;
    if (difference * difference > gate * (variance[i] + v)) {
      doubt(i, 1.5f); // contradicted: doubt grows until one side wins
      if (variance[i] > v && measured > 0) {
        rho[i] = measured;
        variance[i] = v;
      }
      return;
    }
    float gain = variance[i] / (variance[i] + v);
    float fused = believed + gain * difference;
    if (fused > 0) {
      rho[i] = fused;
      variance[i] =
          Math.max(
              (1 - gain) * variance[i],
              Math.min(variance[i], rawVariance + square(FLOOR_RELATIVE_STD * fused)));
    }
  }

  /** Grows the variance, at most to where nothing is known but the order of magnitude. */
  private void doubt(int i, float factor) {
    variance[i] = Math.min(factor * variance[i], Math.max(variance[i], square(rho[i])));
  }

  private static float square(float x) {
    return x * x;
  }
}
