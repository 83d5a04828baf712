package dev.parallax.sim.scene;

import java.util.Arrays;

/**
 * A closed curve in the plane, walked at a steady pace: a uniform periodic cubic B-spline, so that
 * position, velocity and acceleration are continuous (de Boor 1978), parametrised by arc length.
 * The curve stays within the hull of its control points. Immutable.
 */
final class ClosedPath {
  private static final int STEPS_PER_SEGMENT = 32;
  private static final double[] GAUSS_AT = {-0.7745966692414834, 0, 0.7745966692414834};
  private static final double[] GAUSS_WEIGHT = {5.0 / 9, 8.0 / 9, 5.0 / 9};

  private final double[] x;
  private final double[] y;
  private final double[] lengthAt; // arc length at each step, metres

  /**
   * @param controls {@code [n 2]} x and y of the control points, at least four
   */
  ClosedPath(double[][] controls) {
    if (controls.length < 4) {
      throw new IllegalArgumentException(
          "A closed path needs at least four control points, got " + controls.length);
    }
    x = new double[controls.length];
    y = new double[controls.length];
    for (int i = 0; i < controls.length; i++) {
      x[i] = controls[i][0];
      y[i] = controls[i][1];
    }
    lengthAt = new double[controls.length * STEPS_PER_SEGMENT + 1];
    for (int i = 1; i < lengthAt.length; i++) {
      double from = (i - 1.0) / STEPS_PER_SEGMENT;
      lengthAt[i] = lengthAt[i - 1] + length(from, (double) i / STEPS_PER_SEGMENT);
    }
  }

  /** An ellipse-like loop around a centre. */
  static ClosedPath around(double cx, double cy, double rx, double ry) {
    int n = 10;
    double[][] controls = new double[n][];
    for (int i = 0; i < n; i++) {
      double a = 2 * Math.PI * i / n;
      controls[i] = new double[] {cx + rx * Math.cos(a), cy + ry * Math.sin(a)};
    }
    return new ClosedPath(controls);
  }

  double lengthM() {
    return lengthAt[lengthAt.length - 1];
  }

  /** The place after a way of {@code wayM} along the curve, any sign: {@code [2]} x, y. */
  double[] at(double wayM) {
    double w = wayM - Math.floor(wayM / lengthM()) * lengthM();
    int step = Arrays.binarySearch(lengthAt, w);
    step = Math.min(lengthAt.length - 2, step >= 0 ? step : -step - 2);
    double start = (double) step / STEPS_PER_SEGMENT;
    double share = (w - lengthAt[step]) / (lengthAt[step + 1] - lengthAt[step]);
    double p = start + share / STEPS_PER_SEGMENT;
    for (int i = 0; i < 3; i++) { // Newton on arc length; the first guess is near already
      p -= (lengthAt[step] + length(start, p) - w) / speed(p);
    }
    return new double[] {value(x, p), value(y, p)};
  }

  /**
   * The heading towards a point a little further along; smoother than the tangent, which has one
   * continuous derivative less.
   */
  double headingRad(double wayM, double lookAheadM) {
    double[] here = at(wayM);
    double[] ahead = at(wayM + lookAheadM);
    return Math.atan2(ahead[1] - here[1], ahead[0] - here[0]);
  }

  private double length(double from, double to) {
    double half = (to - from) / 2;
    double sum = 0;
    for (int i = 0; i < GAUSS_AT.length; i++) {
      sum += GAUSS_WEIGHT[i] * speed(from + half * (1 + GAUSS_AT[i]));
    }
    return sum * half;
  }

  private double speed(double p) {
    return Math.hypot(slope(x, p), slope(y, p));
  }

  private static double value(double[] c, double p) {
    double t = p - Math.floor(p);
    double s = 1 - t;
    return weighted(
            c,
            p,
            s * s * s,
            3 * t * t * t - 6 * t * t + 4,
            -3 * t * t * t + 3 * t * t + 3 * t + 1,
            t * t * t)
        / 6;
  }

  private static double slope(double[] c, double p) {
    double t = p - Math.floor(p);
    double s = 1 - t;
    return weighted(c, p, -s * s, 3 * t * t - 4 * t, -3 * t * t + 2 * t + 1, t * t) / 2;
  }

  /** The sum of the four control points around a parameter, each by its weight. */
  private static double weighted(
      double[] c, double p, double before, double from, double to, double after) {
    int i = (int) Math.floor(p);
    int n = c.length;
    return before * c[Math.floorMod(i - 1, n)]
        + from * c[Math.floorMod(i, n)]
        + to * c[Math.floorMod(i + 1, n)]
        + after * c[Math.floorMod(i + 2, n)];
  }
}
