package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.Intrinsics;

/** Moves a belief from the previous picture into the current one (z-buffered forward warp). */
final class DepthCarry {
  private static final float MOVING = 0.5f;

  private final DepthGrid grid;
  private final GridRays rays;
  private final float addedRelativeVariance;

  DepthCarry(DepthGrid grid, double[] T_cur_prev, double relativeNoise) {
    this.grid = grid;
    rays = new GridRays(grid, T_cur_prev);
    this.addedRelativeVariance = (float) (relativeNoise * relativeNoise);
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
    RestingPoint rest = new RestingPoint(rays);
    for (int v = 0; v < h; v++) {
      for (int u = 0; u < w; u++) {
        int i = v * w + u;
        float r = rho[i];
        if (Float.isNaN(r)) {
          continue;
        }
        rest.aim(u, v);
        rest.place(r);
        if (rest.isBehind()) {
          continue;
        }
        float pz = rest.pz;
        float carried = r / pz;
        float tu;
        float tv;
        if (motion[i] > MOVING) {
          tu = u + flow[2 * i];
          tv = v + flow[2 * i + 1];
        } else {
          tu = fx * rest.px / pz + cx;
          tv = fy * rest.py / pz + cy;
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
        float gain = (1 - carried * rays.m[11]) / pz;
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
