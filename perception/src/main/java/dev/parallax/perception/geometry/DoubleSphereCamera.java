package dev.parallax.perception.geometry;

/**
 * Double sphere camera model (Usenko, Demmel and Cremers 2018, section 3.4) with D = [xi, alpha].
 * With d1 = |X| and d2 = |(x, y, xi d1 + z)|: {@code m = (x, y) / (alpha d2 + (1 - alpha)(xi d1 +
 * z))}.
 */
public final class DoubleSphereCamera extends DistortedCamera {
  public static final String NAME = "double_sphere";

  private final double xi;
  private final double alpha;
  private final double w2;

  /**
   * @param xi between -1 and 1, distance of the spheres' centres
   * @param alpha from 0 to 1
   */
  public DoubleSphereCamera(PinholeCamera intrinsics, double xi, double alpha) {
    super(NAME, intrinsics, new double[] {xi, alpha});
    if (!(xi > -1 && xi < 1) || !(alpha >= 0 && alpha <= 1)) {
      throw new IllegalArgumentException(
          "double_sphere takes xi in (-1, 1) and alpha in [0, 1], got xi %s and alpha %s"
              .formatted(xi, alpha));
    }
    this.xi = xi;
    this.alpha = alpha;
    double w1 = alpha <= 0.5 ? alpha / (1 - alpha) : (1 - alpha) / alpha;
    this.w2 = (w1 + xi) / Math.sqrt(2 * w1 * xi + xi * xi + 1);
  }

  @Override
  boolean toPlane(double x, double y, double z, double[] m) {
    double d1 = Math.sqrt(x * x + y * y + z * z);
    if (!(z > -w2 * d1)) {
      return false;
    }
    double h = xi * d1 + z;
    double n = alpha * Math.sqrt(x * x + y * y + h * h) + (1 - alpha) * h;
    m[0] = x / n;
    m[1] = y / n;
    return true;
  }

  @Override
  boolean toPlaneWithJacobian(double x, double y, double z, double[] m, double[] j) {
    if (!toPlane(x, y, z, m)) {
      return false;
    }
    double d1 = Math.sqrt(x * x + y * y + z * z);
    double h = xi * d1 + z;
    double d2 = Math.sqrt(x * x + y * y + h * h);
    double n = alpha * d2 + (1 - alpha) * h;
    double hx = xi * x / d1; // d h / d x
    double hy = xi * y / d1;
    double hz = xi * z / d1 + 1;
    double viaH = alpha * h / d2 + 1 - alpha;
    double nx = alpha * x / d2 + viaH * hx;
    double ny = alpha * y / d2 + viaH * hy;
    double nz = viaH * hz;
    j[0] = (1 - m[0] * nx) / n;
    j[1] = -m[0] * ny / n;
    j[2] = -m[0] * nz / n;
    j[3] = -m[1] * nx / n;
    j[4] = (1 - m[1] * ny) / n;
    j[5] = -m[1] * nz / n;
    return true;
  }

  @Override
  boolean toRay(double mx, double my, double[] ray) {
    double s = mx * mx + my * my;
    double root = 1 - (2 * alpha - 1) * s;
    if (!(root >= 0)) {
      return false;
    }
    double mz = (1 - alpha * alpha * s) / (alpha * Math.sqrt(root) + 1 - alpha);
    double inner = mz * mz + (1 - xi * xi) * s;
    if (!(inner >= 0)) {
      return false;
    }
    double k = (mz * xi + Math.sqrt(inner)) / (mz * mz + s);
    ray[0] = k * mx;
    ray[1] = k * my;
    ray[2] = k * mz - xi;
    return ray[2] > -w2;
  }

  /** The focal length at the centre is fx / (1 + xi). */
  @Override
  public PinholeCamera rectified() {
    PinholeCamera k = intrinsics();
    return new PinholeCamera(
        k.width(), k.height(), k.fx() / (1 + xi), k.fy() / (1 + xi), k.cx(), k.cy());
  }
}
