package dev.parallax.perception.inertial;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * What is believed of the pictures' scale, of gravity and of the accelerometer's bias. Immutable.
 *
 * @param mean {@code [7]} metres in the pictures' unit; gravity in odom, m/s2 (3); bias, m/s2 (3)
 * @param covariance {@code [7 7]}
 */
record InertialBelief(double[] mean, double[] covariance) {
  static final int N = 7;
  static final int SCALE = 0;
  static final int GRAVITY = 1;
  static final int BIAS = 4;

  /** A bias that a cheap accelerometer has. */
  private static final double FIRST_BIAS_STD = 0.2;

  /** Nothing is known of scale and of where gravity points. */
  private static final double UNKNOWN_SCALE_STD = 1e3;

  private static final double UNKNOWN_GRAVITY_STD = 20;

  /** How odometry's log scale wanders over a metre, and its axes, rad over a second. */
  private static final double WANDER_STD_PER_ROOT_M = 0.005;

  private static final double TILT_STD_PER_ROOT_S = 1e-3;
  private static final double BIAS_STD_PER_ROOT_S = 3e-3;
  private static final double GRAVITY_MPS2 = 9.81;

  static InertialBelief none() {
    double[] covariance = new double[N * N];
    set(covariance, SCALE, UNKNOWN_SCALE_STD);
    for (int k = 0; k < 3; k++) {
      set(covariance, GRAVITY + k, UNKNOWN_GRAVITY_STD);
      set(covariance, BIAS + k, FIRST_BIAS_STD);
    }
    double[] mean = new double[N];
    mean[SCALE] = 1;
    return new InertialBelief(mean, covariance);
  }

  private static void set(double[] covariance, int i, double std) {
    covariance[(N + 1) * i] = std * std;
  }

  double scale() {
    return mean[SCALE];
  }

  /** One standard deviation of the scale over the scale. */
  double relativeStd() {
    return Math.sqrt(covariance[0]) / Math.abs(mean[SCALE]);
  }

  /** The same some time and way later. */
  InertialBelief later(double seconds, double wayM) {
    double[] grown = covariance.clone();
    double s = mean[SCALE];
    grown[0] += s * s * WANDER_STD_PER_ROOT_M * WANDER_STD_PER_ROOT_M * wayM;
    double tilt = GRAVITY_MPS2 * TILT_STD_PER_ROOT_S;
    for (int k = 0; k < 3; k++) {
      grown[(N + 1) * (GRAVITY + k)] += tilt * tilt * seconds;
      grown[(N + 1) * (BIAS + k)] += BIAS_STD_PER_ROOT_S * BIAS_STD_PER_ROOT_S * seconds;
    }
    return new InertialBelief(mean, grown);
  }

  /** With a scale that is one to so much. */
  InertialBelief withScaleStd(double relativeStd) {
    double[] changed = covariance.clone();
    changed[0] = relativeStd * relativeStd;
    double[] one = mean.clone();
    one[SCALE] = 1;
    return new InertialBelief(one, changed);
  }

  /** With nothing known of the scale any more, nor of odom's axes. */
  InertialBelief forgotten() {
    InertialBelief fresh = none();
    double[] newMean = fresh.mean;
    double[] newCovariance = fresh.covariance;
    for (int r = BIAS; r < N; r++) {
      newMean[r] = mean[r];
      System.arraycopy(covariance, N * r + BIAS, newCovariance, N * r + BIAS, 3);
    }
    return fresh;
  }

  /** In another unit of length. */
  InertialBelief rescaled(double factor) {
    double[] newMean = mean.clone();
    double[] scaled = covariance.clone();
    newMean[SCALE] /= factor;
    for (int k = 0; k < N; k++) {
      scaled[k] /= factor;
      scaled[N * k] /= factor;
    }
    return new InertialBelief(newMean, scaled);
  }

  /** {@code [7 7]} */
  DMatrixRMaj information() {
    DMatrixRMaj inverse = new DMatrixRMaj(N, N);
    CommonOps_DDRM.invert(new DMatrixRMaj(N, N, true, covariance.clone()), inverse);
    return inverse;
  }
}
