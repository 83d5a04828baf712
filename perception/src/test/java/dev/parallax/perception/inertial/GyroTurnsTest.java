package dev.parallax.perception.inertial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.inertial.GyroVerdict.State;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A camera in a hand: turns about all axes at up to a radian a second, pictures at 20 Hz. */
class GyroTurnsTest {
  private static final double PERIOD_S = 0.05;
  private static final int READINGS = 10;
  private static final double[] BIAS = {0.004, -0.007, 0.002};
  private static final Se3 T_CAM_IMU =
      Se3.of(new double[] {0, -1, 0, 0, 0, -1, 1, 0, 0}, new double[] {0.1, 0, 0});

  private final Random random = new Random(3);
  private final GyroTurns turns = new GyroTurns();
  private double timeS;

  private double[] rate(double t) { // of the sensor
    return new double[] {
      0.5 * Math.sin(2.1 * t), 0.6 * Math.sin(1.3 * t + 1), 0.4 * Math.sin(3.1 * t + 2)
    };
  }

  /** Readings from one picture to the next, as a driver hands them over. */
  private InertialSpan span(UnaryOperator<double[]> driver) {
    long[] nanos = new long[READINGS + 1];
    double[] gyro = new double[3 * nanos.length];
    for (int i = 0; i < nanos.length; i++) {
      double t = timeS + PERIOD_S * i / READINGS;
      nanos[i] = Math.round(1e9 * t);
      double[] read = rate(t);
      for (int k = 0; k < 3; k++) {
        read[k] += BIAS[k] + 0.002 * random.nextGaussian();
      }
      System.arraycopy(driver.apply(read), 0, gyro, 3 * i, 3);
    }
    return new InertialSpan(nanos, gyro, new double[gyro.length]);
  }

  private Se3 seen() { // T_cur_prev of the camera, with the pictures' noise
    Se3 turn = Se3.identity();
    for (int i = 0; i < 100; i++) {
      double[] w = rate(timeS + PERIOD_S * (i + 0.5) / 100);
      double dt = PERIOD_S / 100;
      turn = turn.times(Se3.ofRotationVector(dt * w[0], dt * w[1], dt * w[2]));
    }
    Se3 R = T_CAM_IMU.rotationOnly();
    Se3 noise =
        Se3.ofRotationVector(
            5e-4 * random.nextGaussian(),
            5e-4 * random.nextGaussian(),
            5e-4 * random.nextGaussian());
    return R.times(turn).times(R.inverse()).inverse().times(noise);
  }

  private void follow(int pictures, @Nullable Se3 mount, UnaryOperator<double[]> driver) {
    turns.mount(mount);
    for (int i = 0; i < pictures; i++) {
      turns.observe(span(driver), seen());
      timeS += PERIOD_S;
    }
  }

  private double errorDegrees() {
    TurnPrediction predicted = turns.predict(span(read -> read)).orElseThrow();
    return Math.toDegrees(seen().inverse().times(predicted.R_cur_prev()).angleRad());
  }

  @Test
  void aGyroscopeOfKnownMountingIsBelievedWithinASecondAndPredictsTurns() {
    follow(20, T_CAM_IMU, read -> read);

    assertThat(turns.verdict().state()).isEqualTo(State.TRUSTED);
    assertThat(errorDegrees()).isLessThan(0.2);
  }

  @Test
  void aMountingThatIsTenDegreesOffIsNoOtherMounting() {
    Se3 tilted = Se3.ofRotationVector(0, Math.toRadians(10), 0).times(T_CAM_IMU);
    for (int i = 0; i < 20; i++) {
      follow(10, tilted, read -> read);
      assertThat(turns.verdict().state().isFault()).isFalse();
    }
  }

  @Test
  void aMountingThatNobodyTellsIsFoundWithTheBias() {
    follow(150, null, read -> read);

    assertThat(turns.verdict().state()).isEqualTo(State.TRUSTED);
    Se3 error = T_CAM_IMU.rotationOnly().inverse().times(turns.R_cam_imu());
    assertThat(Math.toDegrees(error.angleRad())).isLessThan(0.5);
    assertThat(turns.biasRadps()).containsExactly(BIAS, within(0.003));
    assertThat(errorDegrees()).isLessThan(0.15);
  }

  @Test
  void theBiasIsLearntAtRest() {
    for (int i = 0; i < 40; i++) {
      turns.observeRest(span(read -> rested()));
      timeS += PERIOD_S;
    }
    assertThat(turns.biasRadps()).containsExactly(BIAS, within(5e-4));
    assertThat(turns.biasStdRadps()).isBetween(1e-4, 2e-3);
  }

  private double[] rested() {
    double[] read = BIAS.clone();
    for (int k = 0; k < 3; k++) {
      read[k] += 0.002 * random.nextGaussian();
    }
    return read;
  }

  @Test
  void degreesASecondAreNamed() {
    follow(60, T_CAM_IMU, read -> scaled(read, 180 / Math.PI));

    assertThat(turns.verdict().state()).isEqualTo(State.OTHER_UNIT);
    assertThat(turns.verdict().complaint()).contains("degrees a second");
    assertThat(turns.predict(span(read -> read))).isEmpty();
  }

  private static double[] scaled(double[] v, double factor) {
    return new double[] {factor * v[0], factor * v[1], factor * v[2]};
  }

  @Test
  void axesThatAreTurnedRoundAreNamed() {
    // The sensor's y is where z should be, and so on round: still right-handed.
    follow(120, T_CAM_IMU, w -> new double[] {w[1], w[2], w[0]});

    assertThat(turns.verdict().state()).isEqualTo(State.OTHER_AXES);
    assertThat(turns.verdict().axes()).isEqualTo("z, x, y");
    assertThat(turns.predict(span(read -> read))).isEmpty();
  }

  @Test
  void twoAxesThatAreExchangedAreNamed() {
    follow(120, T_CAM_IMU, w -> new double[] {w[1], w[0], w[2]});

    assertThat(turns.verdict().state()).isEqualTo(State.MIRRORED);
    assertThat(turns.verdict().axes()).isEqualTo("y, x, z");
  }

  @Test
  void anAxisThatIsFlippedIsNamedWithoutAMountingToo() {
    follow(120, null, w -> new double[] {w[0], -w[1], w[2]});

    assertThat(turns.verdict().state()).isEqualTo(State.MIRRORED);
    assertThat(turns.verdict().complaint()).contains("flipped");
  }

  @Test
  void readingsOfAnotherSensorAreNotBelieved() {
    follow(
        60,
        T_CAM_IMU,
        w -> new double[] {random.nextGaussian(), random.nextGaussian(), random.nextGaussian()});

    assertThat(turns.verdict().state()).isEqualTo(State.UNRELATED);
  }

  @Test
  void zerosAreNoGyroscope() {
    follow(20, T_CAM_IMU, w -> new double[3]);

    assertThat(turns.verdict().state()).isEqualTo(State.ABSENT);
  }

  @Test
  void aGyroscopeThatGoesWrongLaterIsDoubtedAndThenBelievedAgain() {
    follow(60, T_CAM_IMU, read -> read);
    follow(130, T_CAM_IMU, w -> new double[] {-w[0], w[1], w[2]});
    assertThat(turns.verdict().state()).isEqualTo(State.MIRRORED);

    follow(150, T_CAM_IMU, read -> read);
    assertThat(turns.verdict().state()).isEqualTo(State.TRUSTED);
  }

  @Test
  void aCameraThatHardlyTurnsTellsNothing() {
    for (int i = 0; i < 100; i++) {
      turns.observe(span(read -> rested()), Se3.identity());
      timeS += PERIOD_S;
    }
    assertThat(turns.verdict().state()).isEqualTo(State.LEARNING);
  }
}
