package dev.parallax.perception.depth;

/**
 * The ground seen by a camera. On a plane {@code n . X = h} inverse depth is affine in the viewing
 * ray's slopes, {@code rho = n . (x, y, 1) / h}, so the plane is kept as that function.
 *
 * @param slopeX inverse depth per unit of x/z
 * @param slopeY inverse depth per unit of y/z
 * @param offset inverse depth on the optical axis
 * @param relativeStd one standard deviation of the height over the height
 * @param support share of the points looked at that lie on the plane, 0..1
 */
public record GroundPlane(
    double slopeX, double slopeY, double offset, double relativeStd, double support) {

  /** Height of the camera over the plane, in the unit of length of the depth. */
  public double height() {
    return 1 / Math.sqrt(slopeX * slopeX + slopeY * slopeY + offset * offset);
  }

  /** Angle between the plane's normal and the camera's optical y axis, radians. */
  public double tiltRad() {
    return Math.acos(Math.max(-1, Math.min(1, slopeY * height())));
  }

  /** Inverse depth of the plane along a viewing ray; not positive over the horizon. */
  public double inverseDepth(double x, double y) {
    return slopeX * x + slopeY * y + offset;
  }
}
