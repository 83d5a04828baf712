package dev.parallax.perception.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DistortedCameraTest {
  private static final PinholeCamera UNIT = new PinholeCamera(100, 100, 1, 1, 0, 0);

  /** Calibrations of real cameras, and the least share of their picture that must have a ray. */
  static Stream<Arguments> cameras() {
    return Stream.of(
        Arguments.of(
            BrownConradyCamera.plumbBob( // TUM RGB-D freiburg1
                new PinholeCamera(640, 480, 517.3, 516.5, 318.6, 255.3),
                0.2624,
                -0.9531,
                -0.0054,
                0.0026,
                1.1633),
            1.0),
        Arguments.of(
            BrownConradyCamera.plumbBob( // EuRoC cam0
                new PinholeCamera(752, 480, 458.654, 457.296, 367.215, 248.375),
                -0.28340811,
                0.07395907,
                0.00019359,
                1.76187114e-05),
            1.0),
        Arguments.of(
            BrownConradyCamera.rationalPolynomial( // the size of a time-of-flight camera's colour
                new PinholeCamera(1280, 720, 915, 914, 638, 366),
                0.5,
                -2.6,
                0.0005,
                -0.0003,
                1.5,
                0.38,
                -2.4,
                1.43),
            1.0),
        Arguments.of(
            new EquidistantCamera( // TUM VI
                new PinholeCamera(512, 512, 190.97847715, 190.97330717, 254.93170606, 256.89744231),
                0.00348238,
                0.00071503,
                -0.00205323,
                0.00020293),
            1.0),
        Arguments.of(
            new UnifiedCamera(new PinholeCamera(752, 480, 300, 301, 375.5, 239.5), 0.35), 1.0),
        Arguments.of(
            new UnifiedCamera(new PinholeCamera(1280, 1024, 380, 381, 640, 510), 0.65), 0.9),
        Arguments.of(
            new DoubleSphereCamera( // a 195 degree lens, after Usenko et al. 2018
                new PinholeCamera(1280, 1024, 313.21, 313.21, 638.66, 514.39), -0.18, 0.59),
            0.9),
        Arguments.of(
            new DoubleSphereCamera(new PinholeCamera(640, 480, 400, 400, 320, 240), 0.3, 0.4),
            1.0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cameras")
  void everyPixelOfThePictureComesBackThroughItsRay(DistortedCamera camera, double leastShare) {
    double[] ray = new double[3];
    double[] uv = new double[2];
    int seen = 0;
    int asked = 0;
    for (int v = 0; v < camera.height(); v += 7) {
      for (int u = 0; u < camera.width(); u += 7) {
        asked++;
        if (camera.unproject(u, v, ray)) {
          seen++;
          assertThat(length(ray)).isCloseTo(1, within(1e-12));
          assertThat(camera.project(4 * ray[0], 4 * ray[1], 4 * ray[2], uv)).isTrue();
          assertThat(Math.hypot(uv[0] - u, uv[1] - v)).as("pixel %d %d", u, v).isLessThan(1e-7);
        }
      }
    }
    assertThat(seen / (double) asked).isGreaterThanOrEqualTo(leastShare);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cameras")
  void everyRayComesBackThroughItsPixel(DistortedCamera camera, double leastShare) {
    double[] ray = new double[3];
    double[] uv = new double[2];
    for (double[] point : pointsInView(camera, 300)) {
      assertThat(camera.project(point[0], point[1], point[2], uv)).isTrue();
      assertThat(camera.unproject(uv[0], uv[1], ray)).isTrue();
      double range = length(point);
      assertThat(ray)
          .containsExactly(
              new double[] {point[0] / range, point[1] / range, point[2] / range}, within(1e-9));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cameras")
  void jacobianAgreesWithCentralDifferences(DistortedCamera camera, double leastShare) {
    double[] uv = new double[2];
    double[] plain = new double[2];
    double[] j = new double[6];
    for (double[] p : pointsInView(camera, 300)) {
      assertThat(camera.projectWithJacobian(p[0], p[1], p[2], uv, j)).isTrue();
      camera.project(p[0], p[1], p[2], plain);
      assertThat(uv).containsExactly(plain, within(1e-12));
      assertJacobian(camera, p, j);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cameras")
  void theOpticalAxisIsThePrincipalPointAndHasARectifiedDerivative(
      DistortedCamera camera, double leastShare) {
    double[] uv = new double[2];
    double[] j = new double[6];
    PinholeCamera rectified = camera.rectified();

    assertThat(camera.projectWithJacobian(0, 0, 2, uv, j)).isTrue();

    assertThat(uv).containsExactly(new double[] {rectified.cx(), rectified.cy()}, within(1e-9));
    double[] flat = {rectified.fx() / 2, 0, 0, 0, rectified.fy() / 2, 0};
    assertThat(j).containsExactly(flat, within(1e-9));
  }

  @Test
  void rationalPolynomialKeepsTheOrderOfOpenCv() {
    DistortedCamera camera =
        BrownConradyCamera.rationalPolynomial(
            UNIT, 0.01, 0.02, 0.003, 0.004, 0.05, 0.06, 0.07, 0.08);
    double[] uv = new double[2];

    assertThat(camera.project(2, 0, 2, uv)).isTrue();

    // At a = 1, b = 0: s = 1, so u = g + 3 p2 and v = p1.
    assertThat(uv).containsExactly(new double[] {1.08 / 1.21 + 0.012, 0.003}, within(1e-12));
  }

  @Test
  void plumbBobWithFourCoefficientsHasNoK3() {
    DistortedCamera four = BrownConradyCamera.plumbBob(UNIT, 0.1, 0.02, 0.003, 0.004);
    DistortedCamera five = BrownConradyCamera.plumbBob(UNIT, 0.1, 0.02, 0.003, 0.004, 0.5);
    double[] uv = new double[2];

    four.project(0, 1, 1, uv);
    assertThat(uv).containsExactly(new double[] {0.004, 1.12 + 0.009}, within(1e-12));
    five.project(0, 1, 1, uv);
    assertThat(uv).containsExactly(new double[] {0.004, 1.62 + 0.009}, within(1e-12));
  }

  @Test
  void equidistantMeasuresTheAngleFromTheAxis() {
    DistortedCamera camera = new EquidistantCamera(UNIT, 0.1, 0.01, 0.001, 0.0001);
    double[] uv = new double[2];

    assertThat(camera.project(0, Math.sin(1), Math.cos(1), uv)).isTrue();

    assertThat(uv).containsExactly(new double[] {0, 1.1111}, within(1e-12));
  }

  @Test
  void unifiedAndDoubleSphereAgreeWithWhatIsWorkedByHand() {
    double[] uv = new double[2];

    // (3, 0, 4) is 5 away: n = 0.5 * 5 + 0.5 * 4.
    new UnifiedCamera(UNIT, 0.5).project(3, 0, 4, uv);
    assertThat(uv).containsExactly(new double[] {3 / 4.5, 0}, within(1e-12));
    // xi d1 + z = 0, so d2 = 3 and n = 0.5 * 3.
    new DoubleSphereCamera(UNIT, -0.8, 0.5).project(3, 0, 4, uv);
    assertThat(uv).containsExactly(new double[] {2, 0}, within(1e-12));
  }

  @Test
  void barrelDistortionEndsWhereItsCurveFolds() {
    DistortedCamera camera = BrownConradyCamera.plumbBob(UNIT, -0.3, 0, 0, 0);
    double fold = Math.sqrt(1 / 0.9); // 1 - 0.9 r^2 = 0
    double highest = fold * (1 - 0.3 * fold * fold);
    double[] uv = new double[2];
    double[] ray = new double[3];

    assertThat(camera.project(fold * 0.999, 0, 1, uv)).isTrue();
    assertThat(camera.project(fold * 1.001, 0, 1, uv)).isFalse();
    assertThat(camera.unproject(0, highest * 0.9999, ray)).isTrue();
    assertThat(camera.unproject(0, highest * 1.001, ray)).isFalse();
    assertThat(camera.project(0, 0, -1, uv)).isFalse();
  }

  @Test
  void rationalModelEndsBeforeAPole() {
    // The denominator 1 - s vanishes at r = 1.
    DistortedCamera camera = BrownConradyCamera.rationalPolynomial(UNIT, 0, 0, 0, 0, 0, -1, 0, 0);
    double[] uv = new double[2];

    assertThat(camera.project(0.9, 0, 1, uv)).isTrue();
    assertThat(camera.project(1.1, 0, 1, uv)).isFalse();
  }

  @Test
  void fisheyeSeesBehindItselfUpToTheFold() {
    DistortedCamera wide = new EquidistantCamera(UNIT, 0.001, 0, 0, 0);
    DistortedCamera narrow = new EquidistantCamera(UNIT, -0.2, 0, 0, 0); // folds at 1.29 rad
    double[] uv = new double[2];
    double[] ray = new double[3];

    assertThat(wide.project(1, 0, -0.5, uv)).isTrue();
    assertThat(wide.unproject(uv[0], uv[1], ray)).isTrue();
    assertThat(ray[2] / ray[0]).isCloseTo(-0.5, within(1e-9));
    assertThat(wide.project(0, 0, -1, uv)).isFalse();
    assertThat(narrow.project(1, 0, 0.3, uv)).isTrue(); // 1.28 rad
    assertThat(narrow.project(1, 0, 0.25, uv)).isFalse(); // 1.33 rad
    assertThat(narrow.unproject(0.87, 0, ray)).isFalse();
    assertThat(narrow.project(0, 0, 0, uv)).isFalse();
  }

  @Test
  void unifiedAndDoubleSphereEndAtTheirLimits() {
    double[] uv = new double[2];
    double[] ray = new double[3];
    DistortedCamera unified = new UnifiedCamera(UNIT, 0.6); // sees z > -2/3 d
    double limit = 1 / Math.sqrt(2 * 0.6 - 1);

    assertThat(unified.project(Math.sqrt(1 - 0.66 * 0.66), 0, -0.66, uv)).isTrue();
    assertThat(unified.project(Math.sqrt(1 - 0.67 * 0.67), 0, -0.67, uv)).isFalse();
    assertThat(unified.unproject(limit * 0.999, 0, ray)).isTrue();
    assertThat(unified.unproject(limit * 1.001, 0, ray)).isFalse();
    DistortedCamera doubleSphere = new DoubleSphereCamera(UNIT, 0, 0.6); // xi = 0 is unified
    assertThat(doubleSphere.unproject(limit * 0.999, 0, ray)).isTrue();
    assertThat(doubleSphere.unproject(limit * 1.001, 0, ray)).isFalse();
    assertThat(doubleSphere.project(0, 0, -1, uv)).isFalse();
  }

  private static void assertJacobian(DistortedCamera camera, double[] p, double[] j) {
    double h = 1e-6 * length(p);
    double[] plus = new double[2];
    double[] minus = new double[2];
    double scale = camera.intrinsics().fx() / length(p);
    for (int k = 0; k < 3; k++) {
      double[] a = p.clone();
      double[] b = p.clone();
      a[k] += h;
      b[k] -= h;
      assertThat(camera.project(a[0], a[1], a[2], plus)).isTrue();
      assertThat(camera.project(b[0], b[1], b[2], minus)).isTrue();
      for (int row = 0; row < 2; row++) {
        assertThat(j[3 * row + k])
            .as("row %d column %d at %s", row, k, Arrays.toString(p))
            .isCloseTo((plus[row] - minus[row]) / (2 * h), within(1e-6 * scale));
      }
    }
  }

  /** Points 0.5 to 20 m along rays of random pixels, a little inside the picture. */
  private static double[][] pointsInView(DistortedCamera camera, int count) {
    Random random = new Random(11);
    double[][] points = new double[count][];
    double[] ray = new double[3];
    for (int i = 0; i < count; ) {
      double u = (0.05 + 0.9 * random.nextDouble()) * camera.width();
      double v = (0.05 + 0.9 * random.nextDouble()) * camera.height();
      if (camera.unproject(u, v, ray)) {
        double range = 0.5 + 19.5 * random.nextDouble();
        points[i++] = new double[] {range * ray[0], range * ray[1], range * ray[2]};
      }
    }
    return points;
  }

  private static double length(double[] p) {
    return Math.sqrt(p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
  }
}
