package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PoseCovarianceTest {
  private static final Se3 T_ODOM_CAM = Se3.exp(new double[] {3, -2, 1, 0.4, -0.9, 1.3});

  @Test
  void aPerturbationOfTheCameraShowsInOdomAsTheCovarianceSays() {
    Random random = new Random(1);
    for (int trial = 0; trial < 20; trial++) {
      double[] local = new double[6];
      for (int k = 0; k < 6; k++) {
        local[k] = 1e-5 * random.nextGaussian();
      }
      Se3 perturbed = Se3.exp(local).times(T_ODOM_CAM.inverse()).inverse();
      double[] inOdom = perturbed.times(T_ODOM_CAM.inverse()).log();

      double[] covariance = PoseCovariance.toOdom(T_ODOM_CAM, outer(local));

      for (int k = 0; k < 36; k++) {
        assertThat(covariance[k]).isCloseTo(inOdom[k / 6] * inOdom[k % 6], within(1e-13));
      }
    }
  }

  @Test
  void aPerturbationOfTheCameraChangesItsDistanceFromAPointAsTheStdSays() {
    Random random = new Random(3);
    double[] point = {-4, 7, 2};
    for (int trial = 0; trial < 20; trial++) {
      double[] local = new double[6];
      for (int k = 0; k < 6; k++) {
        local[k] = 1e-5 * random.nextGaussian();
      }
      Se3 perturbed = Se3.exp(local).times(T_ODOM_CAM.inverse()).inverse();
      double change = distance(perturbed, point) - distance(T_ODOM_CAM, point);

      double std =
          PoseCovariance.distanceStd(
              PoseCovariance.toOdom(T_ODOM_CAM, outer(local)), T_ODOM_CAM, point);

      assertThat(std).isCloseTo(Math.abs(change), within(1e-9));
    }
  }

  private static double distance(Se3 T_odom_cam, double[] point) {
    return Math.hypot(
        Math.hypot(T_odom_cam.tx() - point[0], T_odom_cam.ty() - point[1]),
        T_odom_cam.tz() - point[2]);
  }

  @Test
  void sampledPosesSpreadAsTheCovarianceSays() {
    Random random = new Random(2);
    double[] stds = {0.01, 0.02, 0.03, 0.004, 0.002, 0.006};
    double[] local = new double[36];
    double[] sampled = new double[36];
    int samples = 20_000;
    for (int k = 0; k < 6; k++) {
      local[7 * k] = stds[k] * stds[k];
    }
    for (int n = 0; n < samples; n++) {
      double[] d = new double[6];
      for (int k = 0; k < 6; k++) {
        d[k] = stds[k] * random.nextGaussian();
      }
      double[] inOdom =
          Se3.exp(d).times(T_ODOM_CAM.inverse()).inverse().times(T_ODOM_CAM.inverse()).log();
      double[] square = outer(inOdom);
      for (int k = 0; k < 36; k++) {
        sampled[k] += square[k] / samples;
      }
    }

    double[] covariance = PoseCovariance.toOdom(T_ODOM_CAM, local);

    for (int k = 0; k < 36; k++) {
      double size = Math.sqrt(covariance[7 * (k / 6)] * covariance[7 * (k % 6)]);
      assertThat(sampled[k]).isCloseTo(covariance[k], within(0.04 * size));
    }
  }

  private static double[] outer(double[] d) {
    double[] square = new double[36];
    for (int k = 0; k < 36; k++) {
      square[k] = d[k / 6] * d[k % 6];
    }
    return square;
  }

  private static final double[] ABOUT_ORIGIN = new double[3];

  private static double[] diagonal(double translation, double rotation) {
    double[] c = new double[36];
    for (int k = 0; k < 6; k++) {
      c[7 * k] = k < 3 ? translation : rotation;
    }
    return c;
  }

  @Test
  void changeOfUnitAboutTheOriginMultipliesOnlyTranslation() {
    double[] scaled = PoseCovariance.rescaled(diagonal(0.04, 0.01), 10, ABOUT_ORIGIN);

    assertThat(scaled).containsExactly(diagonal(4, 0.01), within(1e-12));
  }

  @Test
  void changeOfUnitElsewhereTurnsDoubtOfRotationIntoDoubtOfPlace() {
    double[] scaled = PoseCovariance.rescaled(diagonal(0, 0.01), 3, new double[] {5, 0, 0});

    // dt = (1 - 3) (5, 0, 0) x dr: nothing along x, 10 units per radian across it.
    assertThat(scaled[0]).isCloseTo(0, within(1e-12));
    assertThat(scaled[7]).isCloseTo(1, within(1e-12));
    assertThat(scaled[14]).isCloseTo(1, within(1e-12));
    assertThat(scaled[28]).isCloseTo(0.01, within(1e-12));
  }

  @Test
  void doubtOfTheUnitStretchesTheWayFromTheOrigin() {
    double[] grown =
        PoseCovariance.withScaleStd(diagonal(0.01, 0.02), Se3.ofTranslation(0, 30, 0), 0.1);

    assertThat(grown[7]).isCloseTo(0.01 + 9, within(1e-12));
    assertThat(grown[0]).isCloseTo(0.01, within(1e-12));
    assertThat(grown[28]).isCloseTo(0.02, within(1e-12));
  }
}
