package dev.parallax.perception.frame;

import dev.parallax.perception.geometry.Se3;

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
  /** How well it is told which way the plane leans against the camera. */
  private static final double LEAN_STD_RAD = 0.02;

  /** What ground lies under a plane fitted to it, over the camera's height. */
  private static final double UNEVEN = 0.1;

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

  /**
   * One standard deviation of the plane's depth along a viewing ray over that depth, by height and
   * lean: towards the horizon it grows beyond bounds.
   */
  public double relativeDepthStd(double x, double y) {
    return Math.hypot(relativeStd, LEAN_STD_RAD / (height() * inverseDepth(x, y)));
  }

  /**
   * A surface so far under the plane that what is seen beneath it would surely be hidden: by a std
   * of lean, two of height, and a tenth for what is no plane.
   *
   * @return {@code [3]} its inverse depth per unit of x/z, of y/z, and on the optical axis
   */
  public float[] surelyBeneath() {
    double share = 1 / (1 + UNEVEN + 2 * relativeStd);
    return new float[] {
      (float) (share * slopeX),
      (float) (share * slopeY),
      (float) (share * (offset - LEAN_STD_RAD / height()))
    };
  }

  /** The same plane seen from where the camera went: its points fulfil (slopes, offset) . X = 1. */
  public GroundPlane seenAfter(Se3 T_cur_prev) {
    double[] m = T_cur_prev.rotationOnly().transform(slopeX, slopeY, offset);
    double scale = 1 + m[0] * T_cur_prev.tx() + m[1] * T_cur_prev.ty() + m[2] * T_cur_prev.tz();
    return new GroundPlane(m[0] / scale, m[1] / scale, m[2] / scale, relativeStd, support);
  }

  /** The same plane after a change of the unit of length: all lengths are times the factor. */
  public GroundPlane rescaled(double factor) {
    return new GroundPlane(slopeX / factor, slopeY / factor, offset / factor, relativeStd, support);
  }
}
