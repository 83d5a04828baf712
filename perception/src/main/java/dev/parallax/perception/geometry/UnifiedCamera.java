package dev.parallax.perception.geometry;

/**
 * Unified camera model in its alpha form (Usenko et al. 2018, section 3.2): with d = |X|, {@code m
 * = (x, y) / (alpha d + (1 - alpha) z)}. alpha = 0 is the pinhole; Mei's xi is alpha / (1 - alpha),
 * with focal lengths multiplied by 1 + xi.
 */
public final class UnifiedCamera extends DistortedCamera {
  public static final String NAME = "unified";

  private final double alpha;
  private final double xi;
  private final double w;

  /**
   * @param alpha from 0 up to but not including 1
   */
  public UnifiedCamera(PinholeCamera intrinsics, double alpha) {
    super(NAME, intrinsics, new double[] {alpha});
    if (!(alpha >= 0 && alpha < 1)) {
      throw new IllegalArgumentException("unified takes alpha in [0, 1), got " + alpha);
    }
    this.alpha = alpha;
    this.xi = alpha / (1 - alpha);
    this.w = alpha <= 0.5 ? xi : 1 / xi;
  }

  @Override
  boolean toPlane(double x, double y, double z, double[] m) {
    double d = Math.sqrt(x * x + y * y + z * z);
    if (!(z > -w * d)) {
      return false;
    }
    double n = alpha * d + (1 - alpha) * z;
    m[0] = x / n;
    m[1] = y / n;
    return true;
  }

  @Override
  boolean toPlaneWithJacobian(double x, double y, double z, double[] m, double[] j) {
    if (!toPlane(x, y, z, m)) {
      return false;
    }
    double d = Math.sqrt(x * x + y * y + z * z);
    double n = alpha * d + (1 - alpha) * z;
    double dx = alpha * x / d; // d n / d x
    double dy = alpha * y / d;
    double dz = alpha * z / d + 1 - alpha;
    j[0] = (1 - m[0] * dx) / n;
    j[1] = -m[0] * dy / n;
    j[2] = -m[0] * dz / n;
    j[3] = -m[1] * dx / n;
    j[4] = (1 - m[1] * dy) / n;
    j[5] = -m[1] * dz / n;
    return true;
  }

  @Override
  boolean toRay(double mx, double my, double[] ray) {
    double a = (1 - alpha) * mx;
    double b = (1 - alpha) * my;
    double s = a * a + b * b;
    double root = 1 + (1 - xi * xi) * s;
    if (!(root >= 0)) {
      return false;
    }
    double k = (xi + Math.sqrt(root)) / (1 + s);
    ray[0] = k * a;
    ray[1] = k * b;
    ray[2] = k - xi;
    return true;
  }
}
