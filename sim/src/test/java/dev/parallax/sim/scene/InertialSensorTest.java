package dev.parallax.sim.scene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.inertial.InertialSpan;
import org.junit.jupiter.api.Test;

class InertialSensorTest {
  private static SimulatedSequence handheld() {
    return SimulatedSequence.of(
        Scenes.ROOM_HANDHELD, SimulationConfig.defaults(4, 100, 20).withSize(32, 24));
  }

  @Test
  void readingsWithoutNoiseAddUpToTheCamerasWay() {
    try (SimulatedSequence way = handheld()) {
      InertialSensor sensor =
          new InertialSensor(way, 1000, InertialNoise.none(), InertialSensor.usualMounting());
      Timestamp from = way.stamp(20);
      Timestamp to = way.stamp(40);
      InertialSpan span = InertialSpan.between(sensor.before(to, 2), from, to).orElseThrow();

      Se3 T_world_imu = way.pose(20).T_world_cam().times(sensor.T_cam_imu());
      Se3 R = T_world_imu.rotationOnly();
      double[] v = velocity(way, sensor, 20);
      double[] p = T_world_imu.translation();
      for (int i = 0; i + 1 < span.nanos().length; i++) {
        double dt = (span.nanos()[i + 1] - span.nanos()[i]) / 1e9;
        double[] f = {mean(span, i, 0), mean(span, i, 1), mean(span, i, 2)};
        Se3 half = turn(span, i, dt / 2);
        double[] a = R.times(half).transform(f[0], f[1], f[2]);
        a[2] -= 9.81;
        for (int k = 0; k < 3; k++) {
          p[k] += v[k] * dt + 0.5 * a[k] * dt * dt;
          v[k] += a[k] * dt;
        }
        R = R.times(turn(span, i, dt));
      }
      Se3 found = Se3.of(R.rotation(), p);
      Se3 truth = way.pose(40).T_world_cam().times(sensor.T_cam_imu());
      Se3 error = truth.inverse().times(found);
      assertThat(error.distance()).isLessThan(0.002); // of a metre walked
      assertThat(Math.toDegrees(error.angleRad())).isLessThan(0.01);
    }
  }

  private static Se3 turn(InertialSpan span, int i, double dt) {
    double[] w = span.gyroRadps();
    return Se3.ofRotationVector(
        dt * (w[3 * i] + w[3 * i + 3]) / 2,
        dt * (w[3 * i + 1] + w[3 * i + 4]) / 2,
        dt * (w[3 * i + 2] + w[3 * i + 5]) / 2);
  }

  private static double mean(InertialSpan span, int i, int k) {
    return (span.accelMps2()[3 * i + k] + span.accelMps2()[3 * i + 3 + k]) / 2;
  }

  private static double[] velocity(SimulatedSequence way, InertialSensor sensor, int index) {
    double t = index / way.config().fps();
    double h = 1e-3;
    double[] a = way.trajectory().T_world_cam(t - h).times(sensor.T_cam_imu()).translation();
    double[] b = way.trajectory().T_world_cam(t + h).times(sensor.T_cam_imu()).translation();
    return new double[] {(b[0] - a[0]) / (2 * h), (b[1] - a[1]) / (2 * h), (b[2] - a[2]) / (2 * h)};
  }

  @Test
  void aPictureCarriesTheSecondsBeforeItUpToOneThatCoversIt() {
    try (SimulatedSequence way = handheld()) {
      InertialSensor sensor = InertialSensor.typical(way);
      InertialSamples samples = sensor.before(way.stamp(50), 1);

      int n = samples.count();
      assertThat(samples.nanos()[n - 1]).isGreaterThanOrEqualTo(way.stamp(50).nanos());
      assertThat(samples.nanos()[n - 2]).isLessThan(way.stamp(50).nanos());
      assertThat(n).isBetween(200, 203);
      assertThat(samples.T_cam_imu()).isEqualTo(sensor.T_cam_imu());
      InertialSamples first = sensor.before(way.stamp(0), 1);
      assertThat(first.count()).as("half a second before the first picture").isBetween(100, 103);
    }
  }

  @Test
  void theSameSeedReadsTheSameAndAnotherDoesNot() {
    try (SimulatedSequence way = handheld();
        SimulatedSequence other =
            SimulatedSequence.of(
                Scenes.ROOM_HANDHELD, SimulationConfig.defaults(5, 100, 20).withSize(32, 24))) {
      assertThat(InertialSensor.typical(way).gyroRadps(7))
          .containsExactly(InertialSensor.typical(way).gyroRadps(7))
          .isNotEqualTo(InertialSensor.typical(other).gyroRadps(7));
    }
  }
}
