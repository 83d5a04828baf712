package dev.parallax.perception.geometry;

/**
 * A similarity: {@code S_a_b} maps points of frame b, in b's unit of length, to frame a: {@code p_a
 * = scale * R * p_b + t}. Immutable.
 *
 * @param scale a's units in one of b's, positive
 * @param T_a_b the rotation R and translation t
 */
public record Sim3(double scale, Se3 T_a_b) {
  public Sim3 {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new IllegalArgumentException("A similarity's scale is positive, got " + scale);
    }
  }

  public static Sim3 identity() {
    return new Sim3(1, Se3.identity());
  }

  /** A rigid motion as a similarity. */
  public static Sim3 of(Se3 T_a_b) {
    return new Sim3(1, T_a_b);
  }

  /** {@code this * other}: from other's source frame to this one's target. */
  public Sim3 times(Sim3 other) {
    Se3 inner = other.T_a_b.scaledTranslation(scale);
    return new Sim3(scale * other.scale, T_a_b.times(inner));
  }

  public Sim3 inverse() {
    return new Sim3(1 / scale, T_a_b.inverse().scaledTranslation(1 / scale));
  }

  /** The point {@code [3]} in frame a. */
  public double[] transform(double x, double y, double z) {
    return T_a_b.transform(scale * x, scale * y, scale * z);
  }

  /**
   * A chart around the identity, not the exponential map: translation, rotation vector and log
   * scale side by side.
   *
   * @param c {@code [7]} (tx ty tz, wx wy wz radians, log scale)
   */
  public static Sim3 ofChart(double[] c) {
    Se3 turn = Se3.exp(new double[] {0, 0, 0, c[3], c[4], c[5]});
    return new Sim3(Math.exp(c[6]), Se3.ofTranslation(c[0], c[1], c[2]).times(turn));
  }

  /** Inverse of {@link #ofChart}: {@code [7]}. */
  public double[] chart() {
    double[] w = T_a_b.rotationVector();
    return new double[] {T_a_b.tx(), T_a_b.ty(), T_a_b.tz(), w[0], w[1], w[2], Math.log(scale)};
  }

  public boolean isFinite() {
    return T_a_b.isFinite() && Double.isFinite(scale);
  }
}
