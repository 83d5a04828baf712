package dev.parallax.sim.scene;

/** An upright cylinder with caps. Faces: 0 the side, 1 the top, 2 the bottom. */
record Cylinder(double radiusM, double halfHeightM) implements Shape {
  Cylinder {
    if (!(radiusM > 0 && halfHeightM > 0)) {
      throw new IllegalArgumentException(
          "A cylinder needs a positive size, got radius %s half height %s"
              .formatted(radiusM, halfHeightM));
    }
  }

  @Override
  public double enter(double ox, double oy, double oz, double dx, double dy, double dz) {
    double iz = 1 / dz;
    double az = (-halfHeightM - oz) * iz;
    double bz = (halfHeightM - oz) * iz;
    double near = Math.min(az, bz);
    double far = Math.max(az, bz);
    double a = dx * dx + dy * dy;
    double b = ox * dx + oy * dy;
    double c = ox * ox + oy * oy - radiusM * radiusM;
    if (a > 0) {
      double discriminant = b * b - a * c;
      if (discriminant < 0) {
        return Double.POSITIVE_INFINITY;
      }
      double root = Math.sqrt(discriminant);
      near = Math.max(near, (-b - root) / a);
      far = Math.min(far, (-b + root) / a);
    } else if (c > 0) {
      return Double.POSITIVE_INFINITY;
    }
    return near > 0 && near <= far ? near : Double.POSITIVE_INFINITY;
  }

  @Override
  public void describe(double x, double y, double z, SurfacePoint out) {
    double r = Math.sqrt(x * x + y * y);
    if (Math.abs(r - radiusM) <= Math.abs(Math.abs(z) - halfHeightM)) {
      out.face = 0;
      out.normal(x / r, y / r, 0);
      out.wrapAroundZ(x, y, z, radiusM, halfHeightM);
      return;
    }
    double side = z < 0 ? -1 : 1;
    out.face = z < 0 ? 2 : 1;
    out.normal(0, 0, side);
    out.u = x + radiusM;
    out.uGradient(1, 0, 0);
    out.v = radiusM - side * y;
    out.vGradient(0, -side, 0);
  }

  @Override
  public double[] halfExtentsM() {
    return new double[] {radiusM, radiusM, halfHeightM};
  }
}
