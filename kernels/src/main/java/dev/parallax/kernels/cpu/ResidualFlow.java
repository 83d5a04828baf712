package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.Intrinsics;

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
  private final float[] m = new float[12];
  private final float maxInconsistency;
  private final float gate;
  private final float[] rho;
  private final float[] variance;
  private final float[] motion;
  private final float[] residual;
  private final float[] slopeX;
  private final float[] slopeY;

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
    for (int i = 0; i < 12; i++) {
      m[i] = (float) T_prev_cur[i];
    }
    this.maxInconsistency = (float) rules.maxInconsistencyPx();
    this.gate = (float) rules.gate();
    this.rho = rho;
    this.variance = variance;
    this.motion = motion;
    this.residual = residual;
    this.slopeX = CpuDepthKernels.columnSlopes(grid);
    this.slopeY = CpuDepthKernels.rowSlopes(grid);
  }

  void run(int begin, int end) {
    int w = grid.width();
    int stride = grid.stride();
    for (int v = begin; v < end; v++) {
      for (int u = 0; u < w; u++) {
        int i = v * w + u;
        float open = stride * inconsistency[i];
        if (!(open <= maxInconsistency) || Float.isNaN(rho[i])) {
          residual[3 * i] = Float.NaN;
          residual[3 * i + 1] = Float.NaN;
          residual[3 * i + 2] = Float.NaN;
          continue;
        }
        pixel(i, u, v, open, stride);
      }
    }
  }

  private void pixel(int i, int u, int v, float open, int stride) {
    Intrinsics k = grid.camera();
    float fx = (float) k.fx();
    float fy = (float) k.fy();
    float x = slopeX[u];
    float y = slopeY[v];
    float r = rho[i];
    float px = m[0] * x + m[1] * y + m[2] + r * m[3];
    float py = m[4] * x + m[5] * y + m[6] + r * m[7];
    float pz = m[8] * x + m[9] * y + m[10] + r * m[11];
    float iz = 1 / Math.max(pz, 0.05f);
    float ru = stride * flow[2 * i] - fx * (px * iz - x);
    float rv = stride * flow[2 * i + 1] - fy * (py * iz - y);
    float ju = fx * (m[3] - px * iz * m[11]) * iz;
    float jv = fy * (m[7] - py * iz * m[11]) * iz;
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
