package dev.parallax.perception.sceneflow;

import dev.parallax.perception.geometry.Se3;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * What is believed of one moving body: log depth of its middle and its velocity with the camera's
 * motion removed, axes of the current camera, with their covariance; an extended Kalman filter with
 * constant velocity. Flow tells the motion over the depth (see {@link BodyMotionFit}), the ground
 * the depth.
 */
final class BodyState {
  /** Velocity before anything was seen, in depths per second: a person at 2 m, a car at 20 m. */
  private static final double FIRST_SPEED_DEPTHS = 0.6;

  /** How fast velocity wanders, depths per second and root second. */
  private static final double ACCELERATION_DEPTHS = 0.4;

  /** How fast the middle of what is seen wanders in depth, relative, per root second. */
  private static final double DEPTH_WANDER = 0.3;

  /** A measurement farther off than this squared Mahalanobis distance counts less. */
  private static final double GATE = 9;

  private static final double MIN_STEP_SHARE = 0.2;

  private int pictures = 1;
  private double logDepth;
  private double[] velocity = new double[3];

  /** {@code [4 4]} of (log depth, velocity). */
  private DMatrixRMaj p = new DMatrixRMaj(4, 4);

  BodyState(double depth, double relativeStd) {
    logDepth = Math.log(depth);
    p.set(0, 0, relativeStd * relativeStd);
    double v = FIRST_SPEED_DEPTHS * depth;
    for (int k = 1; k < 4; k++) {
      p.set(k, k, v * v);
    }
  }

  /** A copy that goes on by itself, into another picture. */
  BodyState(BodyState other) {
    pictures = other.pictures + 1;
    logDepth = other.logDepth;
    velocity = other.velocity.clone();
    p = other.p.copy();
  }

  /** In how many pictures the body was seen. */
  int pictures() {
    return pictures;
  }

  double depth() {
    return Math.exp(logDepth);
  }

  double relativeStd() {
    return Math.sqrt(p.get(0, 0));
  }

  /** {@code [3]} units of length per second; not a copy. */
  double[] velocity() {
    return velocity;
  }

  /**
   * Moves on into a new picture.
   *
   * @param x slopes of the ray on which the body's middle was seen before
   */
  void predict(Se3 T_cur_prev, double intervalS, double x, double y) {
    double[] turned = T_cur_prev.rotationOnly().transform(velocity[0], velocity[1], velocity[2]);
    double[] ray = T_cur_prev.rotationOnly().transform(x, y, 1);
    double before = depth();
    double now = before * ray[2] + turned[2] * intervalS + T_cur_prev.tz();
    now = Math.max(now, MIN_STEP_SHARE * before);
    DMatrixRMaj f = new DMatrixRMaj(4, 4);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        f.set(i + 1, j + 1, T_cur_prev.r(i, j));
      }
    }
    f.set(0, 0, before * ray[2] / now);
    for (int j = 0; j < 3; j++) {
      f.set(0, j + 1, T_cur_prev.r(2, j) * intervalS / now);
    }
    DMatrixRMaj fp = new DMatrixRMaj(4, 4);
    CommonOps_DDRM.mult(f, p, fp);
    CommonOps_DDRM.multTransB(fp, f, p);
    double wander = ACCELERATION_DEPTHS * now;
    p.add(0, 0, DEPTH_WANDER * DEPTH_WANDER * intervalS);
    for (int k = 1; k < 4; k++) {
      p.add(k, k, wander * wander * intervalS);
    }
    logDepth = Math.log(now);
    velocity = turned;
  }

  /** The motion over depth along the view that is expected of the flow. */
  double expectedTauZ(Se3 T_cur_prev, double intervalS) {
    return (velocity[2] * intervalS + T_cur_prev.tz()) / depth();
  }

  /** Takes in what flow told. */
  void seeMotion(BodyMotionFit fit, Se3 T_cur_prev, double intervalS) {
    double[] way = T_cur_prev.translation();
    double depth = depth();
    DMatrixRMaj h = new DMatrixRMaj(3, 4);
    double[] error = new double[3];
    for (int k = 0; k < 3; k++) {
      double expected = (velocity[k] * intervalS + way[k]) / depth;
      h.set(k, 0, -expected);
      h.set(k, k + 1, intervalS / depth);
      error[k] = fit.tau[k] - expected;
    }
    update(h, error, fit.covariance);
  }

  /** Takes in a depth of the body's middle. */
  void seeDepth(double depth, double relativeStd) {
    DMatrixRMaj h = new DMatrixRMaj(1, 4);
    h.set(0, 0, 1);
    DMatrixRMaj r = new DMatrixRMaj(1, 1);
    r.set(0, 0, relativeStd * relativeStd);
    update(h, new double[] {Math.log(depth) - logDepth}, r);
  }

  /** All lengths are times the factor. */
  void rescale(double factor) {
    logDepth += Math.log(factor);
    for (int k = 0; k < 3; k++) {
      velocity[k] *= factor;
    }
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        p.set(i, j, p.get(i, j) * (i > 0 ? factor : 1) * (j > 0 ? factor : 1));
      }
    }
  }

  private void update(DMatrixRMaj h, double[] error, DMatrixRMaj r) {
    int n = error.length;
    DMatrixRMaj ph = new DMatrixRMaj(4, n);
    CommonOps_DDRM.multTransB(p, h, ph);
    DMatrixRMaj s = new DMatrixRMaj(n, n);
    CommonOps_DDRM.mult(h, ph, s);
    DMatrixRMaj inverse = new DMatrixRMaj(n, n);
    DMatrixRMaj e = new DMatrixRMaj(n, 1, true, error);
    DMatrixRMaj weighted = new DMatrixRMaj(n, 1);
    DMatrixRMaj sum = s.copy();
    CommonOps_DDRM.addEquals(sum, r);
    if (!CommonOps_DDRM.invert(sum, inverse)) {
      return;
    }
    CommonOps_DDRM.mult(inverse, e, weighted);
    double d2 = CommonOps_DDRM.dot(e, weighted) / n;
    if (d2 > GATE) { // counts less, as if its noise were so much larger
      sum = s.copy();
      CommonOps_DDRM.addEquals(sum, d2 / GATE, r);
      CommonOps_DDRM.invert(sum, inverse);
    }
    DMatrixRMaj gain = new DMatrixRMaj(4, n);
    CommonOps_DDRM.mult(ph, inverse, gain);
    DMatrixRMaj change = new DMatrixRMaj(4, 1);
    CommonOps_DDRM.mult(gain, e, change);
    logDepth += change.get(0);
    for (int k = 0; k < 3; k++) {
      velocity[k] += change.get(k + 1);
    }
    DMatrixRMaj less = new DMatrixRMaj(4, 4);
    CommonOps_DDRM.multTransB(gain, ph, less);
    CommonOps_DDRM.subtractEquals(p, less);
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < i; j++) {
        double mean = 0.5 * (p.get(i, j) + p.get(j, i));
        p.set(i, j, mean);
        p.set(j, i, mean);
      }
      p.set(i, i, Math.max(p.get(i, i), 1e-12));
    }
  }
}
