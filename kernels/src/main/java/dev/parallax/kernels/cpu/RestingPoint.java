package dev.parallax.kernels.cpu;

/**
 * Where a camera's motion (R, t) takes the resting point that a grid pixel shows: p = R r + rho t
 * for ray r and inverse depth rho, on which it is projected as p_x/p_z, p_y/p_z. Goes from pixel to
 * pixel, so one a thread: {@link #aim}, then {@link #place}, then {@link #project}; each leaves its
 * answer in the fields named with it.
 */
final class RestingPoint {
  /** A point nearer to the image plane, as a share of its depth before, counts as behind it. */
  static final float MIN_FORWARD = 0.05f;

  private final GridRays rays;

  /** Of {@link #aim}: the ray's slopes. */
  float x;

  float y;

  /** Of {@link #aim}: R r, the direction of the point at infinity. */
  float farX;

  float farY;
  float farZ;

  /** Of {@link #place}: p, in units of the depth before. */
  float px;

  float py;
  float pz;

  /** Of {@link #project}: the slopes p_x/p_z and p_y/p_z. */
  float toX;

  float toY;

  /** Of {@link #project}: picture pixels that the projection moves a unit of inverse depth. */
  float ju;

  float jv;

  RestingPoint(GridRays rays) {
    this.rays = rays;
  }

  /** Looks along a grid pixel's ray. */
  void aim(int u, int v) {
    float[] m = rays.m;
    x = rays.x[u];
    y = rays.y[v];
    farX = m[0] * x + m[1] * y + m[2];
    farY = m[4] * x + m[5] * y + m[6];
    farZ = m[8] * x + m[9] * y + m[10];
  }

  /** Takes the ray's point at an inverse depth; 0 is infinity. */
  void place(float rho) {
    float[] m = rays.m;
    px = farX + rho * m[3];
    py = farY + rho * m[7];
    pz = farZ + rho * m[11];
  }

  boolean isBehind() {
    return !(pz > MIN_FORWARD);
  }

  /** Projects the point; what is behind, as if it were {@link #MIN_FORWARD} before the camera. */
  void project() {
    float[] m = rays.m;
    float iz = 1 / Math.max(pz, MIN_FORWARD);
    toX = px * iz;
    toY = py * iz;
    ju = rays.fx * (m[3] - toX * m[11]) * iz;
    jv = rays.fy * (m[7] - toY * m[11]) * iz;
  }
}
