package dev.parallax.perception.geometry;

/**
 * Radial and tangential lens distortion (Brown 1966) as OpenCV and ROS write it: {@code plumb_bob}
 * with k1 k2 p1 p2 [k3], {@code rational_polynomial} with k1 k2 p1 p2 k3 k4 k5 k6. With a = x/z, b
 * = y/z, s = a^2 + b^2 and g = (1 + k1 s + k2 s^2 + k3 s^3) / (1 + k4 s + k5 s^2 + k6 s^3):
 *
 * <pre>
 *   mx = a g + 2 p1 a b + p2 (s + 2 a^2)
 *   my = b g + p1 (s + 2 b^2) + 2 p2 a b
 * </pre>
 *
 * The domain ends where the radial part stops rising, or 85 degrees from the axis.
 */
public final class BrownConradyCamera extends DistortedCamera {
  public static final String PLUMB_BOB = "plumb_bob";
  public static final String RATIONAL_POLYNOMIAL = "rational_polynomial";

  private static final double MAX_RADIUS = Math.tan(Math.toRadians(85));
  private static final int MAX_ITERATIONS = 30;
  private static final double CONVERGED = 1e-12; // on the image plane: far below a pixel

  private final double p1;
  private final double p2;
  private final double[] numerator; // k1 k2 k3
  private final double[] denominator; // k4 k5 k6
  private final MonotonicCurve radial;

  private BrownConradyCamera(String name, PinholeCamera intrinsics, double[] d) {
    super(name, intrinsics, d);
    p1 = d[2];
    p2 = d[3];
    numerator = new double[] {d[0], d[1], d.length > 4 ? d[4] : 0};
    denominator = d.length > 5 ? new double[] {d[5], d[6], d[7]} : new double[] {0, 0, 0};
    radial =
        new MonotonicCurve(
            new MonotonicCurve.Radial() {
              @Override
              public double value(double r) {
                return r * gain(r * r);
              }

              @Override
              public double slope(double r) {
                double s = r * r;
                return over(s) > 0 ? gain(s) + 2 * s * gainSlope(s) : -1; // a pole ends it too
              }
            },
            MAX_RADIUS);
  }

  /**
   * @param d {@code [4]} or {@code [5]}: k1 k2 p1 p2 [k3]
   */
  public static BrownConradyCamera plumbBob(PinholeCamera intrinsics, double... d) {
    if (d.length != 4 && d.length != 5) {
      throw new IllegalArgumentException("plumb_bob takes 4 or 5 coefficients, got " + d.length);
    }
    return new BrownConradyCamera(PLUMB_BOB, intrinsics, d);
  }

  /**
   * @param d {@code [8]}: k1 k2 p1 p2 k3 k4 k5 k6
   */
  public static BrownConradyCamera rationalPolynomial(PinholeCamera intrinsics, double... d) {
    if (d.length != 8) {
      throw new IllegalArgumentException(
          "rational_polynomial takes 8 coefficients, got " + d.length);
    }
    return new BrownConradyCamera(RATIONAL_POLYNOMIAL, intrinsics, d);
  }

  @Override
  boolean toPlane(double x, double y, double z, double[] m) {
    if (!(z > 0)) {
      return false;
    }
    double a = x / z;
    double b = y / z;
    double s = a * a + b * b;
    if (!radial.contains(Math.sqrt(s))) {
      return false;
    }
    distort(a, b, s, m);
    return true;
  }

  @Override
  boolean toPlaneWithJacobian(double x, double y, double z, double[] m, double[] j) {
    if (!toPlane(x, y, z, m)) {
      return false;
    }
    double a = x / z;
    double b = y / z;
    double s = a * a + b * b;
    double dxda = dxda(a, b, s);
    double dxdb = dxdb(a, b, s);
    double dydb = dydb(a, b, s);
    j[0] = dxda / z;
    j[1] = dxdb / z;
    j[2] = -(a * dxda + b * dxdb) / z;
    j[3] = dxdb / z; // the 2x2 derivative is symmetric
    j[4] = dydb / z;
    j[5] = -(a * dxdb + b * dydb) / z;
    return true;
  }

  /** Newton from the exact inverse of the radial part alone. */
  @Override
  boolean toRay(double mx, double my, double[] ray) {
    double md = Math.sqrt(mx * mx + my * my);
    double r = radial.invert(md);
    if (Double.isNaN(r)) {
      r = 0.98 * radial.end(); // tangential distortion may still bring it inside
    }
    double a = md > 0 ? mx * r / md : 0;
    double b = md > 0 ? my * r / md : 0;
    for (int i = 0; i < MAX_ITERATIONS; i++) {
      double s = a * a + b * b;
      distort(a, b, s, ray);
      double ex = ray[0] - mx;
      double ey = ray[1] - my;
      double dxda = dxda(a, b, s);
      double dxdb = dxdb(a, b, s);
      double dydb = dydb(a, b, s);
      double det = dxda * dydb - dxdb * dxdb;
      if (!(det > 0) || !radial.contains(Math.sqrt(s))) {
        return false; // past a fold
      }
      if (Math.abs(ex) + Math.abs(ey) < CONVERGED * (1 + md)) {
        double n = 1 / Math.sqrt(s + 1);
        ray[0] = a * n;
        ray[1] = b * n;
        ray[2] = n;
        return true;
      }
      double da = (dydb * ex - dxdb * ey) / det;
      double db = (dxda * ey - dxdb * ex) / det;
      double share = shareInside(a, b, da, db);
      a -= share * da;
      b -= share * db;
    }
    return false;
  }

  /** How much of a Newton step may be taken without leaving the domain; near the fold it would. */
  private double shareInside(double a, double b, double da, double db) {
    double share = 1;
    while (share > 1e-3 && !radial.contains(Math.hypot(a - share * da, b - share * db))) {
      share /= 2;
    }
    return share;
  }

  private void distort(double a, double b, double s, double[] m) {
    double g = gain(s);
    m[0] = a * g + 2 * p1 * a * b + p2 * (s + 2 * a * a);
    m[1] = b * g + p1 * (s + 2 * b * b) + 2 * p2 * a * b;
  }

  private double dxda(double a, double b, double s) {
    return gain(s) + 2 * a * a * gainSlope(s) + 2 * p1 * b + 6 * p2 * a;
  }

  private double dxdb(double a, double b, double s) {
    return 2 * a * b * gainSlope(s) + 2 * p1 * a + 2 * p2 * b;
  }

  private double dydb(double a, double b, double s) {
    return gain(s) + 2 * b * b * gainSlope(s) + 6 * p1 * b + 2 * p2 * a;
  }

  private double over(double s) {
    return cubic(denominator, s);
  }

  private double gain(double s) {
    return cubic(numerator, s) / over(s);
  }

  /** d gain / d s. */
  private double gainSlope(double s) {
    double n = cubic(numerator, s);
    double d = over(s);
    return (cubicSlope(numerator, s) * d - n * cubicSlope(denominator, s)) / (d * d);
  }

  private static double cubic(double[] k, double s) {
    return 1 + s * (k[0] + s * (k[1] + s * k[2]));
  }

  private static double cubicSlope(double[] k, double s) {
    return k[0] + s * (2 * k[1] + s * 3 * k[2]);
  }
}
