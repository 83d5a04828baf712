package dev.parallax.sim.scene;

/** An ellipsoid given by its half axes; its texture is wrapped around the z axis. */
record Ellipsoid(double ax, double ay, double az) implements Shape {
  Ellipsoid {
    if (!(ax > 0 && ay > 0 && az > 0)) {
      throw new IllegalArgumentException(
          "An ellipsoid needs positive half axes, got %s %s %s".formatted(ax, ay, az));
    }
  }

  @Override
  public double enter(double ox, double oy, double oz, double dx, double dy, double dz) {
    double px = ox / ax;
    double py = oy / ay;
    double pz = oz / az;
    double ex = dx / ax;
    double ey = dy / ay;
    double ez = dz / az;
    double a = ex * ex + ey * ey + ez * ez;
    double b = px * ex + py * ey + pz * ez;
    double discriminant = b * b - a * (px * px + py * py + pz * pz - 1);
    if (discriminant < 0) {
      return Double.POSITIVE_INFINITY;
    }
    double t = (-b - Math.sqrt(discriminant)) / a;
    return t > 0 ? t : Double.POSITIVE_INFINITY;
  }

  @Override
  public void describe(double x, double y, double z, SurfacePoint out) {
    double nx = x / (ax * ax);
    double ny = y / (ay * ay);
    double nz = z / (az * az);
    double n = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
    out.face = 0;
    out.normal(nx * n, ny * n, nz * n);
    out.wrapAroundZ(x, y, z, (ax + ay) / 2, az);
  }

  @Override
  public double[] halfExtentsM() {
    return new double[] {ax, ay, az};
  }

  @Override
  public double boundingRadiusM() {
    return Math.max(ax, Math.max(ay, az));
  }
}
