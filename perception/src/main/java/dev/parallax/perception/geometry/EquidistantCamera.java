package dev.parallax.perception.geometry;

/**
 * Fisheye lens (Kannala and Brandt 2006; ROS {@code equidistant}, OpenCV fisheye) with k1 k2 k3 k4.
 * With r = |(x, y)| and t = atan2(r, z), the pixel lies at {@code t (1 + k1 t^2 + k2 t^4 + k3 t^6 +
 * k4 t^8)} from the centre on the image plane. The domain ends where that stops rising, and so may
 * reach behind the camera.
 */
public final class EquidistantCamera extends DistortedCamera {
  public static final String NAME = "equidistant";

  private final double[] k;
  private final MonotonicCurve angle;

  /**
   * @param d {@code [4]}: k1 k2 k3 k4
   */
  public EquidistantCamera(PinholeCamera intrinsics, double... d) {
    super(NAME, intrinsics, d);
    if (d.length != 4) {
      throw new IllegalArgumentException("equidistant takes 4 coefficients, got " + d.length);
    }
    k = d.clone();
    angle =
        new MonotonicCurve(
            new MonotonicCurve.Radial() {
              @Override
              public double value(double t) {
                return bent(t);
              }

              @Override
              public double slope(double t) {
                return bentSlope(t);
              }
            },
            Math.PI);
  }

  @Override
  boolean toPlane(double x, double y, double z, double[] m) {
    double r = Math.sqrt(x * x + y * y);
    double t = Math.atan2(r, z);
    if (!angle.contains(t) || (r == 0 && z == 0)) {
      return false;
    }
    double rho = isOnAxis(r, z) ? 1 / z : bent(t) / r;
    m[0] = rho * x;
    m[1] = rho * y;
    return true;
  }

  @Override
  boolean toPlaneWithJacobian(double x, double y, double z, double[] m, double[] j) {
    if (!toPlane(x, y, z, m)) {
      return false;
    }
    double r = Math.sqrt(x * x + y * y);
    double rho; // m = rho (x, y)
    double drhoOverR; // (d rho / d r) / r
    double drhodz;
    if (isOnAxis(r, z)) {
      rho = 1 / z;
      drhoOverR = 0; // times x y, it vanishes with r
      drhodz = -1 / (z * z);
    } else {
      double d2 = r * r + z * z;
      double t = Math.atan2(r, z);
      double slope = bentSlope(t);
      rho = bent(t) / r;
      drhoOverR = (slope * z / d2 - rho) / (r * r);
      drhodz = -slope / d2;
    }
    j[0] = rho + x * x * drhoOverR;
    j[1] = x * y * drhoOverR;
    j[2] = x * drhodz;
    j[3] = j[1];
    j[4] = rho + y * y * drhoOverR;
    j[5] = y * drhodz;
    return true;
  }

  @Override
  boolean toRay(double mx, double my, double[] ray) {
    double md = Math.sqrt(mx * mx + my * my);
    double t = angle.invert(md);
    if (Double.isNaN(t)) {
      return false;
    }
    double c = md > 0 ? Math.sin(t) / md : 0;
    ray[0] = c * mx;
    ray[1] = c * my;
    ray[2] = Math.cos(t);
    return true;
  }

  private static boolean isOnAxis(double r, double z) {
    return z > 0 && r < 1e-9 * z;
  }

  private double bent(double t) {
    double s = t * t;
    return t * (1 + s * (k[0] + s * (k[1] + s * (k[2] + s * k[3]))));
  }

  private double bentSlope(double t) {
    double s = t * t;
    return 1 + s * (3 * k[0] + s * (5 * k[1] + s * (7 * k[2] + s * 9 * k[3])));
  }
}
