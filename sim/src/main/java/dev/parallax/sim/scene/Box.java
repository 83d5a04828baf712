package dev.parallax.sim.scene;

/**
 * A box given by half its edges. Faces 0 to 5 are -x, +x, -y, +y, -z, +z; seen from outside with z
 * up, u runs to the right from the left edge and v down from the upper one.
 */
record Box(double hx, double hy, double hz) implements Shape {
  Box {
    if (!(hx > 0 && hy > 0 && hz > 0)) {
      throw new IllegalArgumentException(
          "A box needs positive half edges, got %s %s %s".formatted(hx, hy, hz));
    }
  }

  @Override
  public double enter(double ox, double oy, double oz, double dx, double dy, double dz) {
    // Slab method; a zero direction component gives infinities of the right sign.
    double ix = 1 / dx;
    double ax = (-hx - ox) * ix;
    double bx = (hx - ox) * ix;
    double iy = 1 / dy;
    double ay = (-hy - oy) * iy;
    double by = (hy - oy) * iy;
    double iz = 1 / dz;
    double az = (-hz - oz) * iz;
    double bz = (hz - oz) * iz;
    double near = Math.max(Math.max(Math.min(ax, bx), Math.min(ay, by)), Math.min(az, bz));
    double far = Math.min(Math.min(Math.max(ax, bx), Math.max(ay, by)), Math.max(az, bz));
    return near > 0 && near <= far ? near : Double.POSITIVE_INFINITY;
  }

  @Override
  public void describe(double x, double y, double z, SurfacePoint out) {
    double gapX = Math.abs(Math.abs(x) - hx);
    double gapY = Math.abs(Math.abs(y) - hy);
    double gapZ = Math.abs(Math.abs(z) - hz);
    if (gapX <= gapY && gapX <= gapZ) {
      double side = x < 0 ? -1 : 1;
      out.face = x < 0 ? 0 : 1;
      out.normal(side, 0, 0);
      out.u = side * y + hy;
      out.uGradient(0, side, 0);
      out.v = hz - z;
      out.vGradient(0, 0, -1);
    } else if (gapY <= gapZ) {
      double side = y < 0 ? -1 : 1;
      out.face = y < 0 ? 2 : 3;
      out.normal(0, side, 0);
      out.u = hx - side * x;
      out.uGradient(-side, 0, 0);
      out.v = hz - z;
      out.vGradient(0, 0, -1);
    } else {
      double side = z < 0 ? -1 : 1;
      out.face = z < 0 ? 4 : 5;
      out.normal(0, 0, side);
      out.u = x + hx;
      out.uGradient(1, 0, 0);
      out.v = hy - side * y;
      out.vGradient(0, -side, 0);
    }
  }

  @Override
  public double[] halfExtentsM() {
    return new double[] {hx, hy, hz};
  }
}
