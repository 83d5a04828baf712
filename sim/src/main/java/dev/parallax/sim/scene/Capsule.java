package dev.parallax.sim.scene;

/** A cylinder along z with a half sphere at each end: limbs and necks. */
record Capsule(double radiusM, double halfLengthM) implements Shape {
  Capsule {
    if (!(radiusM > 0 && halfLengthM > 0)) {
      throw new IllegalArgumentException(
          "A capsule needs a positive size, got radius %s half length %s"
              .formatted(radiusM, halfLengthM));
    }
  }

  @Override
  public double enter(double ox, double oy, double oz, double dx, double dy, double dz) {
    double a = dx * dx + dy * dy;
    double b = ox * dx + oy * dy;
    double c = ox * ox + oy * oy - radiusM * radiusM;
    double discriminant = b * b - a * c;
    if (discriminant < 0) {
      return Double.POSITIVE_INFINITY;
    }
    double t = a > 0 ? (-b - Math.sqrt(discriminant)) / a : Double.NEGATIVE_INFINITY;
    double z = a > 0 ? oz + t * dz : dz > 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    if (z >= -halfLengthM && z <= halfLengthM) {
      return t > 0 ? t : Double.POSITIVE_INFINITY;
    }
    // A ray that meets the endless cylinder beyond an end can only meet that end's half sphere.
    double pz = oz + (z < 0 ? halfLengthM : -halfLengthM);
    double as = a + dz * dz;
    double bs = b + pz * dz;
    double ds = bs * bs - as * (c + pz * pz);
    if (ds < 0) {
      return Double.POSITIVE_INFINITY;
    }
    double ts = (-bs - Math.sqrt(ds)) / as;
    return ts > 0 ? ts : Double.POSITIVE_INFINITY;
  }

  @Override
  public void describe(double x, double y, double z, SurfacePoint out) {
    double zn = z - Math.max(-halfLengthM, Math.min(halfLengthM, z));
    double n = 1 / Math.sqrt(x * x + y * y + zn * zn);
    out.face = 0;
    out.normal(x * n, y * n, zn * n);
    out.wrapAroundZ(x, y, z, radiusM, halfLengthM + radiusM);
  }

  @Override
  public double[] halfExtentsM() {
    return new double[] {radiusM, radiusM, halfLengthM + radiusM};
  }

  @Override
  public double boundingRadiusM() {
    return halfLengthM + radiusM;
  }
}
