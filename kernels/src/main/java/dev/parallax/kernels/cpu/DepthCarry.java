package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;

/** Moves a belief from the previous picture into the current one (z-buffered forward warp). */
final class DepthCarry {
  private static final float MOVING = 0.5f;

  private final DepthGrid grid;
  private final float[] m = new float[12];
  private final float addedRelativeVariance;
  private final float[] slopeX;
  private final float[] slopeY;

  DepthCarry(DepthGrid grid, double[] T_cur_prev, double relativeNoise) {
    this.grid = grid;
    for (int i = 0; i < 12; i++) {
      m[i] = (float) T_cur_prev[i];
    }
    this.addedRelativeVariance = (float) (relativeNoise * relativeNoise);
    this.slopeX = CpuDepthKernels.columnSlopes(grid);
    this.slopeY = CpuDepthKernels.rowSlopes(grid);
  }

  void run(
      float[] rho,
      float[] variance,
      float[] motion,
      float[] flow,
      float[] outRho,
      float[] outVariance,
      float[] outMotion) {
    int w = grid.width();
    int h = grid.height();
    Intrinsics k = grid.camera();
    float stride = grid.stride();
    float fx = (float) k.fx() / stride;
    float fy = (float) k.fy() / stride;
    float cx = (float) ((k.cx() - grid.centre()) / stride);
    float cy = (float) ((k.cy() - grid.centre()) / stride);
    for (int v = 0; v < h; v++) {
      float y = slopeY[v];
      for (int u = 0; u < w; u++) {
        int i = v * w + u;
        float r = rho[i];
        if (Float.isNaN(r)) {
          continue;
        }
        float x = slopeX[u];
        float pz = m[8] * x + m[9] * y + m[10] + r * m[11];
        if (!(pz > 0.05f)) {
          continue; // now behind the camera
        }
        float carried = r / pz;
        float tu;
        float tv;
        if (motion[i] > MOVING) {
          tu = u + flow[2 * i];
          tv = v + flow[2 * i + 1];
        } else {
          tu = fx * (m[0] * x + m[1] * y + m[2] + r * m[3]) / pz + cx;
          tv = fy * (m[4] * x + m[5] * y + m[6] + r * m[7]) / pz + cy;
        }
        if (!(tu > -0.5f && tv > -0.5f && tu < w - 0.5f && tv < h - 0.5f)) {
          continue;
        }
        int j = (int) (tv + 0.5f) * w + (int) (tu + 0.5f);
        if (outRho[j] >= carried) {
          continue; // something nearer is there already
        }
        outRho[j] = carried;
        // d(rho') / d(rho) = (1 - rho' t_z) / p_z.
        float gain = (1 - carried * m[11]) / pz;
        outVariance[j] = gain * gain * variance[i] + addedRelativeVariance * carried * carried;
        outMotion[j] = motion[i];
      }
    }
    closeHoles(outRho, outVariance, outMotion);
  }

  /** Fills a pixel that lies between two known ones of the same surface. */
  private void closeHoles(float[] rho, float[] variance, float[] motion) {
    int w = grid.width();
    int h = grid.height();
    for (int v = 1; v < h - 1; v++) {
      for (int u = 1; u < w - 1; u++) {
        int i = v * w + u;
        if (!Float.isNaN(rho[i])) {
          continue;
        }
        if (!between(rho, variance, motion, i, i - 1, i + 1)) {
          between(rho, variance, motion, i, i - w, i + w);
        }
      }
    }
  }

  private static boolean between(
      float[] rho, float[] variance, float[] motion, int i, int a, int b) {
    float difference = rho[a] - rho[b];
    float sum = variance[a] + variance[b];
    if (!(difference * difference <= 9 * sum)) {
      return false; // also when either is NaN
    }
    rho[i] = 0.5f * (rho[a] + rho[b]);
    variance[i] = 0.5f * sum + 0.25f * difference * difference;
    motion[i] = Math.max(motion[a], motion[b]);
    return true;
  }
}
