package dev.parallax.perception.odometry;

import static dev.parallax.perception.odometry.PointScene.MOVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import org.junit.jupiter.api.Test;

/** Points hosted at the origin, a sensor that looks at them from elsewhere. */
class MeasuredDepthTest {
  private static final int POINTS = 200;
  private static final double RELATIVE_STD = 0.02;

  private final PointScene scene = new PointScene(5, POINTS).seenFrom(MOVED, 0);

  /** Sees the true depth along its own axis, times a factor. */
  private DepthHint sensor(double factor) {
    return (u, v, out) -> {
      for (int i = 0; i < POINTS; i++) {
        if (scene.points.uv[2 * i] == u && scene.points.uv[2 * i + 1] == v) {
          double z = 1 / scene.trueRho[i];
          Se3 T_cam_host = MOVED;
          double ahead =
              T_cam_host.transform(scene.points.hostX[i] * z, scene.points.hostY[i] * z, z)[2];
          out[0] = 1 / (factor * ahead);
          out[1] = RELATIVE_STD * RELATIVE_STD * out[0] * out[0];
          return true;
        }
      }
      return false;
    };
  }

  private double meanError() {
    double sum = 0;
    for (int i = 0; i < POINTS; i++) {
      sum += Math.abs(scene.points.rho[i] / scene.trueRho[i] - 1) / POINTS;
    }
    return sum;
  }

  @Test
  void depthsComeToWhatTheSensorSeesFromWhereItIs() {
    scene.withDepthError(0.1);
    double before = meanError();

    new MeasuredDepth().fuse(scene.points, scene.window, MOVED, sensor(1));

    assertThat(before).isGreaterThan(0.06);
    assertThat(meanError()).as("gain is 0.96, but for a few beyond the gate").isLessThan(0.01);
    assertThat(scene.points.variance[0]).isLessThan(square(0.03 * scene.trueRho[0]));
  }

  @Test
  void aSensorThatContradictsWhatIsKnownIsNotBelieved() {
    scene.withDepthError(0.01);
    double[] before = scene.points.rho.clone();

    new MeasuredDepth().fuse(scene.points, scene.window, MOVED, sensor(1.3));

    assertThat(scene.points.rho).isEqualTo(before);
  }

  @Test
  void howeverOftenItMeasuresItsErrorIsNotAveragedAway() {
    for (int k = 0; k < 500; k++) {
      new MeasuredDepth().fuse(scene.points, scene.window, MOVED, sensor(1.005));
    }

    for (int i = 0; i < POINTS; i++) {
      assertThat(Math.sqrt(scene.points.variance[i]) / scene.points.rho[i])
          .isCloseTo(0.01, within(1e-3));
    }
  }

  private static double square(double x) {
    return x * x;
  }
}
