package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.MeasurementRules;

/**
 * What the measured flow has beyond the flow that a resting point would show: residual r,
 * covariance S = S_flow + j j^T var(rho), j = d(flow)/d(rho), squared Mahalanobis distance r^T S^-1
 * r.
 */
final class ResidualFlow {
  private static final float MOVING = 0.5f;
  private static final float UNKNOWN_RELATIVE_STD = 1.0f;

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
  private final float[] residual;

  ResidualFlow(
      DepthGrid grid,
      float[] flow,
      float[] inconsistency,
      float[] covariance,
      double[] T_prev_cur,
      MeasurementRules rules,
      float[] rho,
      float[] variance,
      float[] motion,
      float[] residual) {
    this.grid = grid;
    this.flow = flow;
    this.inconsistency = inconsistency;
    this.covariance = covariance;
    rays = new GridRays(grid, T_prev_cur);
    this.maxInconsistency = (float) rules.maxInconsistencyPx();
    this.gate = (float) rules.gate();
    this.rho = rho;
    this.variance = variance;
    this.motion = motion;
    this.residual = residual;
  }

  void run(int begin, int end) {
    int w = grid.width();
    RestingRow rest = new RestingRow(rays);
    float[] rhoOfRow = new float[w];
    for (int v = begin; v < end; v++) {
      rest.aim(v);
      System.arraycopy(rho, v * w, rhoOfRow, 0, w);
      rest.place(rhoOfRow);
      rest.project();
      for (int u = 0; u < w; u++) {
        int i = v * w + u;
        float open = grid.stride() * inconsistency[i];
        if (open <= maxInconsistency && !Float.isNaN(rho[i])) {
          pixel(i, rest, u, open);
        } else {
          residual[3 * i] = Float.NaN;
          residual[3 * i + 1] = Float.NaN;
          residual[3 * i + 2] = Float.NaN;
        }
      }
    }
  }

  private void pixel(int i, RestingRow rest, int u, float open) {
    int stride = grid.stride();
    float r = rho[i];
    float ru = stride * flow[2 * i] - rays.fx * (rest.toX[u] - rest.x[u]);
    float rv = stride * flow[2 * i + 1] - rays.fy * (rest.toY[u] - rest.y);
    float ju = rest.ju[u];
    float jv = rest.jv[u];
    float extra = 0.25f * open * open;
    float var = Math.min(variance[i], UNKNOWN_RELATIVE_STD * r * r);
    float uu = covariance[3 * i] + extra + var * ju * ju;
    float uv = covariance[3 * i + 1] + var * ju * jv;
    float vv = covariance[3 * i + 2] + extra + var * jv * jv;
    float d2 = (vv * ru * ru - 2 * uv * ru * rv + uu * rv * rv) / (uu * vv - uv * uv);
    residual[3 * i] = ru;
    residual[3 * i + 1] = rv;
    residual[3 * i + 2] = motion[i] > MOVING ? d2 : Math.min(d2, gate);
  }
}
