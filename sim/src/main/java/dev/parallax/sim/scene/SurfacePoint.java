package dev.parallax.sim.scene;

/**
 * Where a ray meets a shape, in the shape's own frame: scratch that the caster overwrites for each
 * hit. The gradients say how fast the texture coordinates change along the surface, so that a
 * texture can be filtered by the size of a pixel.
 */
final class SurfacePoint {
  /** Outward unit normal. */
  double nx;

  double ny;
  double nz;

  /** Texture coordinates, metres along the surface. */
  double u;

  double v;

  /** Gradient of u over position, metres per metre. */
  double ux;

  double uy;
  double uz;

  /** Gradient of v over position, metres per metre. */
  double vx;

  double vy;
  double vz;

  /** Which side of the shape was met; its material may differ from side to side. */
  int face;

  void normal(double x, double y, double z) {
    nx = x;
    ny = y;
    nz = z;
  }

  void uGradient(double x, double y, double z) {
    ux = x;
    uy = y;
    uz = z;
  }

  void vGradient(double x, double y, double z) {
    vx = x;
    vy = y;
    vz = z;
  }

  /** Fills u, v and their gradients for a surface wrapped around the z axis. */
  void wrapAroundZ(double x, double y, double z, double radiusM, double topM) {
    u = radiusM * (Math.atan2(y, x) + Math.PI);
    v = topM - z;
    double r2 = Math.max(x * x + y * y, 1e-12);
    uGradient(-radiusM * y / r2, radiusM * x / r2, 0);
    vGradient(0, 0, -1);
  }
}
