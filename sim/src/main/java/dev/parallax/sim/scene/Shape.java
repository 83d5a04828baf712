package dev.parallax.sim.scene;

/**
 * A solid that a ray can meet, in its own frame with the origin at its centre, metres. Immutable
 * and thread-safe.
 */
sealed interface Shape permits Box, Cylinder, Ellipsoid, Capsule {
  /**
   * The first meeting of the ray {@code o + t d} with the surface from outside.
   *
   * @return the smallest {@code t > 0} at which the ray enters, {@link Double#POSITIVE_INFINITY} if
   *     it misses; {@code t} is in units of the direction's length
   */
  double enter(double ox, double oy, double oz, double dx, double dy, double dz);

  /** Describes the surface at a point that {@link #enter} found. */
  void describe(double x, double y, double z, SurfacePoint out);

  /** Half extents {@code [3]} of the box around the shape. */
  double[] halfExtentsM();

  /** Radius of the sphere around the shape. */
  default double boundingRadiusM() {
    double[] h = halfExtentsM();
    return Math.sqrt(h[0] * h[0] + h[1] * h[1] + h[2] * h[2]);
  }
}
