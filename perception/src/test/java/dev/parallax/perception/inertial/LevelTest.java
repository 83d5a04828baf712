package dev.parallax.perception.inertial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A camera that looks 9 degrees down and is rolled by 4, taken to look straight ahead. */
class LevelTest {
  private static final Se3 T_FLU_OPTICAL =
      Se3.of(new double[] {0, 0, 1, -1, 0, 0, 0, -1, 0}, new double[3]);
  private static final Se3 T_CAM_IMU =
      Se3.of(new double[] {0, -1, 0, 0, 0, -1, 1, 0, 0}, new double[] {0.03, 0.02, -0.05});
  private static final Se3 T_WORLD_CAM =
      Se3.ofRotationVector(0, Math.toRadians(9), 0)
          .times(Se3.ofRotationVector(Math.toRadians(4), 0, 0))
          .times(T_FLU_OPTICAL);

  private static InertialSamples at_rest(int count, double mps2, @Nullable Se3 mount) {
    double[] f = T_WORLD_CAM.times(T_CAM_IMU).rotationOnly().inverse().transform(0, 0, mps2);
    long[] nanos = new long[count];
    double[] accel = new double[3 * count];
    for (int i = 0; i < count; i++) {
      nanos[i] = 5_000_000L * (i + 1);
      System.arraycopy(f, 0, accel, 3 * i, 3);
    }
    return new InertialSamples(nanos, new double[3 * count], accel, mount);
  }

  private static Timestamp last(InertialSamples samples) {
    return new Timestamp(samples.nanos()[samples.count() - 1]);
  }

  @Test
  void odomIsTurnedSoThatGravityPointsDown() {
    InertialSamples samples = at_rest(100, 9.81, T_CAM_IMU);

    Level level = Level.of(samples, last(samples), T_FLU_OPTICAL).orElseThrow();

    double[] up = T_WORLD_CAM.inverse().transform(0, 0, 1); // in the camera
    double[] up_odom = level.T_odom_cam().transform(up[0], up[1], up[2]);
    assertThat(up_odom).containsExactly(new double[] {0, 0, 1}, within(1e-9));
    assertThat(Math.toDegrees(level.turnedRad())).isCloseTo(Math.hypot(9, 4), within(0.1));
    assertThat(Math.toDegrees(level.stdRad())).isBetween(0.3, 1.0);
    double[] ahead = level.T_odom_cam().transform(0, 0, 1);
    assertThat(Math.toDegrees(Math.atan2(ahead[1], ahead[0])))
        .as("its heading stays")
        .isCloseTo(0, within(1.0));
  }

  @Test
  void whatTellsNoGravityLeavesOdomAsItIs() {
    InertialSamples few = at_rest(20, 9.81, T_CAM_IMU);
    InertialSamples unmounted = at_rest(100, 9.81, null);
    InertialSamples swung = at_rest(100, 12, T_CAM_IMU);
    InertialSamples inG = at_rest(100, 1, T_CAM_IMU);

    for (InertialSamples each : new InertialSamples[] {few, unmounted, swung, inG}) {
      assertThat(Level.of(each, last(each), T_FLU_OPTICAL)).isEmpty();
    }
  }
}
