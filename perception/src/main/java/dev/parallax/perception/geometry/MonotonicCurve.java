package dev.parallax.perception.geometry;

/**
 * An odd radial distortion curve {@code f(r) = r g(r^2)} on the stretch from 0 on which it rises:
 * beyond it two rays would share a pixel, so a camera model ends there.
 */
final class MonotonicCurve {
  private static final int SAMPLES = 4096;
  private static final int MAX_ITERATIONS = 60;

  /** A radial curve and its slope. */
  interface Radial {
    double value(double r);

    double slope(double r);
  }

  private final Radial curve;
  private final double end;
  private final double endValue;

  /**
   * @param limit the curve is not looked at beyond this radius
   */
  MonotonicCurve(Radial curve, double limit) {
    this.curve = curve;
    this.end = firstFold(curve, limit);
    this.endValue = curve.value(end);
  }

  /** The radius at which the curve stops rising, or the limit. */
  double end() {
    return end;
  }

  boolean contains(double r) {
    return r < end;
  }

  /** The radius whose value is {@code y}, or NaN where the curve does not reach it. */
  double invert(double y) {
    if (!(y >= 0 && y < endValue)) {
      return Double.NaN;
    }
    double low = 0;
    double high = end;
    double r = Math.min(y, 0.5 * end);
    for (int i = 0; i < MAX_ITERATIONS; i++) {
      double error = curve.value(r) - y;
      if (error > 0) {
        high = r;
      } else {
        low = r;
      }
      // Newton, kept inside the bracket: near the fold the slope vanishes and it would jump away.
      double step = error / curve.slope(r);
      double next = r - step;
      if (!(next > low && next < high)) {
        next = 0.5 * (low + high);
      }
      if (Math.abs(next - r) <= 1e-15 * (1 + r)) {
        return next;
      }
      r = next;
    }
    return r;
  }

  private static double firstFold(Radial curve, double limit) {
    double rising = 0;
    for (int i = 1; i <= SAMPLES; i++) {
      double r = limit * i / SAMPLES;
      if (!(curve.slope(r) > 0)) {
        return bisectFold(curve, rising, r);
      }
      rising = r;
    }
    return limit;
  }

  private static double bisectFold(Radial curve, double rising, double falling) {
    double low = rising;
    double high = falling;
    for (int i = 0; i < MAX_ITERATIONS; i++) {
      double mid = 0.5 * (low + high);
      if (curve.slope(mid) > 0) {
        low = mid;
      } else {
        high = mid;
      }
    }
    return low;
  }
}
