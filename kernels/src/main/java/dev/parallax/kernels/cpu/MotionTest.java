package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.Intrinsics;

/**
 * Compares the measured flow with the flow that a resting point would show: residual r, covariance
 * S = S_flow + j j^T var(rho), j = d(flow)/d(rho); the test is r^T S^-1 r.
 */
final class MotionTest {
  /** Share of the old evidence that one frame keeps. */
  private static final float MEMORY = 0.75f;

  private static final float UNKNOWN_RELATIVE_STD = 1.0f;

  /** Less than this is never called motion, picture pixels. */
  private static final float MIN_RESIDUAL_PX = 0.7f;

  /** How much better the measured flow must explain the pictures: a ratio and grey levels. */
  private static final float BETTER_RATIO = 1.15f;

  private static final float BETTER_GREY = 1.5f;

  private final DepthGrid grid;
  private final PatchMatch pictures;
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

  MotionTest(
      DepthGrid grid,
      PatchMatch pictures,
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
    this.pictures = pictures;
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
    int pictureWidth = grid.picture().width();
    int offset = (stride - 1) / 2;
    for (int v = begin; v < end; v++) {
      for (int u = 0; u < w; u++) {
        int i = v * w + u;
        float open = inconsistency[(v * stride + offset) * pictureWidth + u * stride + offset];
        if (!(open <= maxInconsistency) || Float.isNaN(rho[i])) {
          residual[3 * i] = Float.NaN;
          residual[3 * i + 1] = Float.NaN;
          residual[3 * i + 2] = Float.NaN;
          motion[i] *= MEMORY;
          continue;
        }
        pixel(i, u, v, open, pictureWidth, stride);
      }
    }
  }

  private void pixel(int i, int u, int v, float open, int pictureWidth, int stride) {
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
    float flowU = CpuDepthKernels.blockFlow(flow, pictureWidth, stride, u, v, 0);
    float flowV = CpuDepthKernels.blockFlow(flow, pictureWidth, stride, u, v, 1);
    float restU = fx * (px * iz - x);
    float restV = fy * (py * iz - y);
    float ru = flowU - restU;
    float rv = flowV - restV;
    float ju = fx * (m[3] - px * iz * m[11]) * iz;
    float jv = fy * (m[7] - py * iz * m[11]) * iz;
    float extra = 0.25f * open * open;
    float var = Math.min(variance[i], UNKNOWN_RELATIVE_STD * r * r);
    float uu = covariance[3 * i] + extra + var * ju * ju;
    float uv = covariance[3 * i + 1] + var * ju * jv;
    float vv = covariance[3 * i + 2] + extra + var * jv * jv;
    float d2 = (vv * ru * ru - 2 * uv * ru * rv + uu * rv * rv) / (uu * vv - uv * uv);
    boolean moves =
        d2 > gate
            && ru * ru + rv * rv > MIN_RESIDUAL_PX * MIN_RESIDUAL_PX
            && explainsBetter(u * stride, v * stride, flowU, flowV, restU, restV);
    residual[3 * i] = ru;
    residual[3 * i + 1] = rv;
    residual[3 * i + 2] = moves ? d2 : Math.min(d2, gate);
    motion[i] = MEMORY * motion[i] + (moves ? 1 - MEMORY : 0);
  }

  /** Whether the pictures agree better along the measured flow than along a resting point's. */
  private boolean explainsBetter(int u, int v, float flowU, float flowV, float restU, float restV) {
    float measured = pictures.difference(u, v, flowU, flowV);
    float resting = pictures.difference(u, v, restU, restV);
    return resting > BETTER_RATIO * measured + BETTER_GREY;
  }
}
