package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DepthGrid;

/** s(u) = (X_c(u) - T_c_p X_p(u + f)) / dt, shrunk to zero where it is noise. */
final class SceneVelocity {
  private static final byte MOVING_LABEL = (byte) 255;
  private static final byte UNKNOWN_LABEL = 127;
  private static final byte STATIC_LABEL = 0;

  /** Evidence over which a point is called moving, and under which it is called static. */
  private static final float MOVING = 0.5f;

  /** 95 % of a chi-squared variable with two degrees of freedom. */
  private static final float CHI2_2_95 = 5.99f;

  private final DepthGrid grid;
  private final float[] flow;
  private final float[] residual;
  private final float[] previousRho;
  private final float[] previousVariance;
  private final float[] rho;
  private final float[] variance;
  private final float[] motion;
  private final GridRays rays;
  private final float intervalS;
  private final float[] velocity;
  private final byte[] labels;

  SceneVelocity(
      DepthGrid grid,
      float[] flow,
      float[] residual,
      float[] previousRho,
      float[] previousVariance,
      float[] rho,
      float[] variance,
      float[] motion,
      double[] T_cur_prev,
      float intervalS,
      float[] velocity,
      byte[] labels) {
    this.grid = grid;
    this.flow = flow;
    this.residual = residual;
    this.previousRho = previousRho;
    this.previousVariance = previousVariance;
    this.rho = rho;
    this.variance = variance;
    this.motion = motion;
    rays = new GridRays(grid, T_cur_prev);
    this.intervalS = intervalS;
    this.velocity = velocity;
    this.labels = labels;
  }

  void run(int begin, int end) {
    for (int v = begin; v < end; v++) {
      for (int u = 0; u < grid.width(); u++) {
        pixel(v * grid.width() + u, u, v);
      }
    }
  }

  private void pixel(int i, int u, int v) {
    float d2 = residual[3 * i + 2];
    boolean tested = !Float.isNaN(d2);
    labels[i] = motion[i] > MOVING ? MOVING_LABEL : tested ? STATIC_LABEL : UNKNOWN_LABEL;
    velocity[3 * i] = Float.NaN;
    velocity[3 * i + 1] = Float.NaN;
    velocity[3 * i + 2] = Float.NaN;
    if (!tested || !(rho[i] > 0)) {
      return;
    }
    // Positive-part shrinkage (James and Stein 1961): no motion unless it exceeds its noise.
    float shrink = Math.max(0, 1 - CHI2_2_95 / d2);
    if (!(shrink > 0)) {
      velocity[3 * i] = 0;
      velocity[3 * i + 1] = 0;
      velocity[3 * i + 2] = 0;
      return;
    }
    float[] m = rays.m;
    int stride = grid.stride();
    int up = Math.round(u + flow[2 * i]);
    int vp = Math.round(v + flow[2 * i + 1]);
    if (up < 0 || vp < 0 || up >= grid.width() || vp >= grid.height()) {
      return;
    }
    int p = vp * grid.width() + up;
    float rp = previousRho[p];
    if (!(rp > 0)) {
      return;
    }
    float zp = 1 / rp;
    float xp = (rays.x[u] + stride * flow[2 * i] / rays.fx) * zp;
    float yp = (rays.y[v] + stride * flow[2 * i + 1] / rays.fy) * zp;
    float z = 1 / rho[i];
    float dx = rays.x[u] * z - (m[0] * xp + m[1] * yp + m[2] * zp + m[3]);
    float dy = rays.y[v] * z - (m[4] * xp + m[5] * yp + m[6] * zp + m[7]);
    float dz = z - (m[8] * xp + m[9] * yp + m[10] * zp + m[11]);
    float noise = variance[i] * z * z * z * z + previousVariance[p] * zp * zp * zp * zp;
    fill(3 * i, rays.x[u], rays.y[v], dx, dy, dz, noise, shrink / intervalS);
  }

  /**
   * Along the ray (x y 1) a displacement is a difference of two depths, whose noise is mostly
   * larger than any motion. It counts by the ratio of variances of a body that moves as far along
   * the ray as across it, where flow tells how far that is (a Wiener filter with an empirical
   * prior).
   *
   * @param depthVariance of the difference of depths
   * @param g what turns a displacement into a velocity
   */
  private void fill(
      int at, float x, float y, float dx, float dy, float dz, float depthVariance, float g) {
    float n2 = x * x + y * y + 1;
    float along = (dx * x + dy * y + dz) / n2;
    float ax = dx - along * x;
    float ay = dy - along * y;
    float az = dz - along;
    float prior = 0.5f * (ax * ax + ay * ay + az * az) / n2;
    float kept = prior > 0 ? along * (prior / (prior + depthVariance)) : 0;
    velocity[at] = g * (ax + kept * x);
    velocity[at + 1] = g * (ay + kept * y);
    velocity[at + 2] = g * (az + kept);
  }
}
