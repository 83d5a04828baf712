package dev.parallax.perception.inertial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A camera whose odom is tilted, seen in a unit of 2.7 m, with an accelerometer at 200 Hz. */
class InertialScaleTest {
  private static final double UNIT_M = 2.7;
  private static final double PERIOD_S = 0.05;
  private static final int READINGS = 10;
  private static final double[] BIAS = {0.08, -0.05, 0.1};
  private static final double[] GRAVITY = {0.9, -0.6, -Math.sqrt(9.81 * 9.81 - 0.81 - 0.36)};
  private static final Se3 T_CAM_IMU =
      Se3.of(new double[] {0, -1, 0, 0, 0, -1, 1, 0, 0}, new double[] {0.03, 0.02, -0.05});

  private final Random random = new Random(6);
  private final InertialScale scale = new InertialScale();
  private double shakeM = 0.03;
  private double metresPerAcceleration = 1;
  private double unit = UNIT_M; // metres in what is seen
  private double[] before = new double[3];
  private final double[] path = new double[3]; // of the camera, in that unit
  private int frame;

  private Se3 T_odom_imu(double t) {
    double w = 2 * Math.PI * 0.9;
    Se3 R =
        Se3.ofRotationVector(
            0.3 * Math.sin(0.9 * t), 0.2 * Math.sin(1.1 * t + 1), 0.4 * Math.sin(0.7 * t));
    double[] at = {
      0.6 * t + shakeM * Math.sin(w * t),
      shakeM * Math.cos(1.3 * w * t),
      shakeM * Math.sin(0.7 * w * t + 2)
    };
    return Se3.of(R.rotation(), at);
  }

  private InertialSpan span(double from) {
    long[] nanos = new long[READINGS + 1];
    double[] gyro = new double[3 * nanos.length];
    double[] accel = new double[3 * nanos.length];
    double h = 1e-4;
    for (int i = 0; i < nanos.length; i++) {
      double t = from + PERIOD_S * i / READINGS;
      nanos[i] = Math.round(1e9 * t);
      Se3 a = T_odom_imu(t - h);
      Se3 b = T_odom_imu(t);
      Se3 c = T_odom_imu(t + h);
      double[] w = a.inverse().times(c).rotationVector();
      double[] f = new double[3];
      for (int k = 0; k < 3; k++) {
        double acceleration =
            (c.translation()[k] - 2 * b.translation()[k] + a.translation()[k]) / (h * h);
        f[k] = acceleration - GRAVITY[k];
        gyro[3 * i + k] = w[k] / (2 * h);
      }
      f = b.rotationOnly().inverse().transform(f[0], f[1], f[2]);
      for (int k = 0; k < 3; k++) {
        accel[3 * i + k] = metresPerAcceleration * (f[k] + BIAS[k] + 0.03 * random.nextGaussian());
      }
    }
    return new InertialSpan(nanos, gyro, accel);
  }

  /** Follows the camera, correcting the unit as told. */
  private void follow(double seconds) {
    for (int end = frame + (int) Math.round(seconds / PERIOD_S); frame < end; frame++) {
      double t = frame * PERIOD_S;
      Se3 T_odom_cam = T_odom_imu(t).times(T_CAM_IMU.inverse());
      double[] p = T_odom_cam.translation();
      double[] seen = new double[3];
      for (int k = 0; k < 3; k++) {
        path[k] += (p[k] - before[k]) / unit;
        seen[k] = path[k] + 0.002 * random.nextGaussian() / unit;
      }
      before = p;
      Optional<Double> factor =
          scale.observe(
              Timestamp.ofSeconds(t),
              Se3.of(T_odom_cam.rotation(), seen),
              frame == 0 ? null : span(t - PERIOD_S),
              T_CAM_IMU,
              new double[3]);
      if (factor.isPresent()) {
        unit /= factor.get();
        scale.rescale(factor.get(), path);
      }
    }
  }

  @Test
  void aHandThatShakesTellsMetresWithinSecondsAndTheTiltOfOdom() {
    follow(6);

    assertThat(scale.isKnown()).isTrue();
    assertThat(Math.abs(Math.log(unit))).isLessThan(3 * scale.relativeStd());
    assertThat(unit).isCloseTo(1, within(0.05));
    assertThat(scale.gravity_odom()).containsExactly(GRAVITY, within(0.15));
  }

  @Test
  void itIsHeldForAMinuteAndItsStdIsHonest() {
    follow(6);
    for (int i = 0; i < 20; i++) {
      follow(2);
      assertThat(unit).isCloseTo(1, within(0.03));
      assertThat(Math.abs(Math.log(unit))).isLessThan(3.5 * scale.relativeStd());
    }
    assertThat(scale.relativeStd()).isLessThan(0.02);
  }

  @Test
  void aScaleThatDriftsIsFollowed() {
    follow(10);
    for (int i = 0; i < 30; i++) {
      unit *= 1.0015; // 4.5 % within 15 s and 9 m
      follow(0.5);
      assertThat(unit).isCloseTo(1, within(0.05));
    }
  }

  @Test
  void aCameraThatGlidesTellsNothing() {
    shakeM = 0;
    follow(12);

    assertThat(scale.isKnown()).isFalse();
    assertThat(unit).isEqualTo(UNIT_M);
  }

  @Test
  void anAccelerometerInGravitiesIsNotBelieved() {
    metresPerAcceleration = 1 / 9.81;
    follow(12);

    assertThat(scale.isKnown()).isFalse();
    assertThat(scale.refusals()).isGreaterThan(10);
    assertThat(AccelerometerUnit.of(scale.usualForceMps2())).isEqualTo(AccelerometerUnit.GRAVITIES);
  }

  @Test
  void afterABreakTheScaleIsStillBelieved() {
    follow(8);
    scale.breakOff();
    follow(0.5);

    assertThat(scale.isKnown()).isTrue();
    assertThat(unit).isCloseTo(1, within(0.05));
    scale.forget();
    assertThat(scale.isKnown()).isFalse();
  }
}
