package dev.parallax.perception.inertial;

import dev.parallax.perception.geometry.Se3;

/**
 * How an inertial sensor moved from one moment to another as its readings alone tell, gravity left
 * out, seen from where it was at first (Forster et al. 2017, "On-manifold preintegration", eq. 33,
 * here with the readings' means over each step). The accelerometer's bias enters linearly; the
 * gyroscope's is known well enough over the fractions of a second that this is for. Agent thread
 * only.
 */
final class Preintegration {
  private final double[] gyroBias;
  private Se3 R = Se3.identity(); // R_begin_now
  private double seconds;
  private final double[] velocity = new double[3];
  private final double[] shift = new double[3];
  private final double[] velocityByBias = new double[9];
  private final double[] shiftByBias = new double[9];

  /**
   * @param gyroBias {@code [3]} rad/s
   */
  Preintegration(double[] gyroBias) {
    this.gyroBias = gyroBias.clone();
  }

  /** Goes on with a span that begins where the last one ended. */
  void add(InertialSpan span) {
    long[] nanos = span.nanos();
    for (int i = 0; i + 1 < nanos.length; i++) {
      double dt = (nanos[i + 1] - nanos[i]) / 1e9;
      double[] w = new double[3];
      double[] f = new double[3];
      for (int k = 0; k < 3; k++) {
        w[k] = InertialSpan.mean(span.gyroRadps(), i, k) - gyroBias[k];
        f[k] = InertialSpan.mean(span.accelMps2(), i, k);
      }
      step(dt, w, f);
    }
  }

  private void step(double dt, double[] w, double[] f) {
    Se3 middle = R.times(Se3.ofRotationVector(0.5 * dt * w[0], 0.5 * dt * w[1], 0.5 * dt * w[2]));
    double[] a = middle.transform(f[0], f[1], f[2]);
    for (int k = 0; k < 3; k++) {
      shift[k] += dt * velocity[k] + 0.5 * dt * dt * a[k];
      velocity[k] += dt * a[k];
      for (int c = 0; c < 3; c++) {
        int at = 3 * k + c;
        shiftByBias[at] += dt * velocityByBias[at] - 0.5 * dt * dt * middle.r(k, c);
        velocityByBias[at] -= dt * middle.r(k, c);
      }
    }
    R = R.times(Se3.ofRotationVector(dt * w[0], dt * w[1], dt * w[2])).normalised();
    seconds += dt;
  }

  double seconds() {
    return seconds;
  }

  /** {@code [3]} change of velocity, m/s; not to be changed. */
  double[] velocity() {
    return velocity;
  }

  /** {@code [3]} change of place, metres; not to be changed. */
  double[] shift() {
    return shift;
  }

  /** {@code [3 3]} how {@link #velocity} changes with the accelerometer's bias. */
  double[] velocityByBias() {
    return velocityByBias;
  }

  /** {@code [3 3]} how {@link #shift} changes with the accelerometer's bias. */
  double[] shiftByBias() {
    return shiftByBias;
  }
}
