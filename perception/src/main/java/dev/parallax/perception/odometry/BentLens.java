package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;

/**
 * A pinhole camera whose lens bends by one radial coefficient (Brown 1966): with a = x/z, b = y/z
 * and s = a^2 + b^2 a point is seen at {@code u = fx a (1 + k1 s) + cx}, v alike.
 *
 * @param aspect fy / fx
 */
record BentLens(PinholeCamera camera, double aspect, double k1) {
  /** How steeply the picture's radius has to rise with the ray's slope: near 0 it folds. */
  private static final double MIN_STEEPNESS = 0.05;

  private static final int UNBEND_ITERATIONS = 20;

  /** That of a camera, without distortion. */
  static BentLens straight(PinholeCamera camera) {
    return new BentLens(camera, camera.fy() / camera.fx(), 0);
  }

  /** Another focal length along x, and another coefficient. */
  BentLens with(double focalPx, double newK1) {
    PinholeCamera c = camera;
    return new BentLens(
        new PinholeCamera(c.width(), c.height(), focalPx, aspect * focalPx, c.cx(), c.cy()),
        aspect,
        newK1);
  }

  double focalPx() {
    return camera.fx();
  }

  /** What a slope is multiplied by at a squared slope s. */
  double gain(double s) {
    return 1 + k1 * s;
  }

  /** d(r (1 + k1 s))/dr, s the square of r. */
  double steepness(double s) {
    return 1 + 3 * k1 * s;
  }

  /** Whether a ray of squared slope s is seen, before the picture folds. */
  boolean sees(double s) {
    return steepness(s) > MIN_STEEPNESS;
  }

  /**
   * The slope of the ray that is seen at a radius: Newton on r (1 + k1 r^2).
   *
   * @return NaN where the lens lets none through
   */
  double unbent(double seen) {
    double r = seen;
    for (int k = 0; k < UNBEND_ITERATIONS; k++) {
      if (steepness(r * r) < MIN_STEEPNESS) {
        return Double.NaN;
      }
      r -= (r * gain(r * r) - seen) / steepness(r * r);
    }
    return r;
  }

  /** How a pixel at slopes a, b moves along u where without the lens it would move by du, dv. */
  double bentU(double a, double b, double du, double dv) {
    return (1 + k1 * (3 * a * a + b * b)) * du + 2 * k1 * a * b / aspect * dv;
  }

  /** The same along v. */
  double bentV(double a, double b, double du, double dv) {
    return 2 * k1 * a * b * aspect * du + (1 + k1 * (a * a + 3 * b * b)) * dv;
  }
}
