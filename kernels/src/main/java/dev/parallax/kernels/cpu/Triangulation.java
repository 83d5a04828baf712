package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.MeasurementRules;

/**
 * Inverse depth from a flow to a reference picture, fused into the belief.
 *
 * <p>With ray r, measured ray r' and motion (R, t): r' x (R r + rho t) = 0, so in the least-squares
 * sense rho = -(a.b)/(b.b), a = r' x R r, b = r' x t. Its variance follows from how far the
 * projection moves per unit of rho.
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
    int w = grid.width();
    int stride = grid.stride();
    RestingPoint rest = new RestingPoint(rays);
    for (int v = begin; v < end; v++) {
      for (int u = 0; u < w; u++) {
        float open = stride * inconsistency[v * w + u];
        across[v * w + u] = Float.NaN;
        if (open <= maxInconsistency) {
          rest.aim(u, v);
          pixel(v * w + u, rest, open, stride);
        }
      }
    }
  }

  private void pixel(int i, RestingPoint rest, float open, int stride) {
    float[] m = rays.m;
    float xr = rest.x + stride * flow[2 * i] / rays.fx;
    float yr = rest.y + stride * flow[2 * i + 1] / rays.fy;
    // a = r' x R r and b = r' x t with r' = (xr, yr, 1).
    float ax = yr * rest.farZ - rest.farY;
    float ay = rest.farX - xr * rest.farZ;
    float az = xr * rest.farY - yr * rest.farX;
    float bx = yr * m[11] - m[7];
    float by = m[3] - xr * m[11];
    float bz = xr * m[7] - yr * m[3];
    float bb = bx * bx + by * by + bz * bz;
    if (!(bb > 1e-12f)) {
      return; // at the epipole
    }
    float measured = -(ax * bx + ay * by + az * bz) / bb;
    rest.place(measured);
    if (rest.isBehind()) {
      return;
    }
    rest.project();
    float ju = rest.ju;
    float jv = rest.jv;
    float jj = ju * ju + jv * jv;
    if (!(jj > 1e-6f)) {
      return;
    }
    float extra = 0.25f * open * open;
    float uu = covariance[3 * i] + extra;
    float uv = covariance[3 * i + 1];
    float vv = covariance[3 * i + 2] + extra;
    float eu = rays.fx * (xr - rest.toX);
    float ev = rays.fy * (yr - rest.toY);
    if (measured * measured * jj > MIN_PARALLAX_PX * MIN_PARALLAX_PX) {
      float promised = uu * jv * jv - 2 * uv * ju * jv + vv * ju * ju;
      across[i] = Math.abs(ev * ju - eu * jv) / (float) Math.sqrt(promised);
    }
    float determinant = uu * vv - uv * uv;
    boolean offEpipolar = vv * eu * eu - 2 * uv * eu * ev + uu * ev * ev > gate * determinant;
    if (offEpipolar || motion[i] > MOVING) {
      doubt(i, 1.1f); // nothing learnt about a point that does not stand still
      return;
    }
    float noise = (uu * ju * ju + 2 * uv * ju * jv + vv * jv * jv) / jj;
    fuse(i, measured, noise / jj);
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
