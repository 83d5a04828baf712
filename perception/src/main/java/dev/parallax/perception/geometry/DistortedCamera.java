package dev.parallax.perception.geometry;

import java.util.Arrays;

/**
 * A camera whose pixel is {@code u = fx mx + cx, v = fy my + cy} with (mx, my) the distorted point
 * on the image plane. The kinds differ in how a point comes to that plane and back.
 */
public abstract sealed class DistortedCamera implements CameraModel
    permits BrownConradyCamera, EquidistantCamera, UnifiedCamera, DoubleSphereCamera {
  private final String name;
  private final PinholeCamera intrinsics;
  private final double[] coefficients;

  /**
   * @param intrinsics size, focal lengths and principal point of the distorted picture
   * @param coefficients {@code D} in the order of the ROS model {@code name}; copied
   */
  DistortedCamera(String name, PinholeCamera intrinsics, double[] coefficients) {
    for (double c : coefficients) {
      if (!Double.isFinite(c)) {
        throw new IllegalArgumentException(
            "Camera model %s has a coefficient that is not a number: %s"
                .formatted(name, Arrays.toString(coefficients)));
      }
    }
    this.name = name;
    this.intrinsics = intrinsics;
    this.coefficients = coefficients.clone();
  }

  /**
   * Brings a point to the distorted image plane.
   *
   * @param m receives {@code [2]}
   * @return false outside the model's domain
   */
  abstract boolean toPlane(double x, double y, double z, double[] m);

  /**
   * As {@link #toPlane}, with the derivative.
   *
   * @param j receives {@code [2 3]} d m / d(x, y, z)
   */
  abstract boolean toPlaneWithJacobian(double x, double y, double z, double[] m, double[] j);

  /**
   * The inverse of {@link #toPlane}.
   *
   * @param ray receives {@code [3]} a unit vector
   */
  abstract boolean toRay(double mx, double my, double[] ray);

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final int width() {
    return intrinsics.width();
  }

  @Override
  public final int height() {
    return intrinsics.height();
  }

  /** Size, focal lengths and principal point of the distorted picture, without the distortion. */
  public final PinholeCamera intrinsics() {
    return intrinsics;
  }

  /** {@code D} in the order of the ROS model {@link #name()}; a copy. */
  public final double[] coefficients() {
    return coefficients.clone();
  }

  @Override
  public final boolean project(double x, double y, double z, double[] uv) {
    if (!toPlane(x, y, z, uv)) {
      return false;
    }
    toPixel(uv);
    return true;
  }

  @Override
  public final boolean projectWithJacobian(
      double x, double y, double z, double[] uv, double[] jacobian) {
    if (!toPlaneWithJacobian(x, y, z, uv, jacobian)) {
      return false;
    }
    toPixel(uv);
    for (int k = 0; k < 3; k++) {
      jacobian[k] *= intrinsics.fx();
      jacobian[3 + k] *= intrinsics.fy();
    }
    return true;
  }

  @Override
  public final boolean unproject(double u, double v, double[] ray) {
    return toRay(
        (u - intrinsics.cx()) / intrinsics.fx(), (v - intrinsics.cy()) / intrinsics.fy(), ray);
  }

  @Override
  public PinholeCamera rectified() {
    return intrinsics;
  }

  private void toPixel(double[] uv) {
    uv[0] = intrinsics.fx() * uv[0] + intrinsics.cx();
    uv[1] = intrinsics.fy() * uv[1] + intrinsics.cy();
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof DistortedCamera o
        && name.equals(o.name)
        && intrinsics.equals(o.intrinsics)
        && Arrays.equals(coefficients, o.coefficients);
  }

  @Override
  public final int hashCode() {
    return 31 * intrinsics.hashCode() + Arrays.hashCode(coefficients);
  }

  @Override
  public final String toString() {
    return "%s%s on %s".formatted(name, Arrays.toString(coefficients), intrinsics);
  }
}
