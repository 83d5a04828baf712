package dev.parallax.perception.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RigidAlignmentTest {
  private static final Se3 TRUE_MOTION = Se3.exp(new double[] {0.4, -1.5, 2, 0.2, 2.4, -0.9});

  @Test
  void findsTheMotionThatMadeThePointsAndReportsNoResidual() {
    double[] p = cloud(50, 1);

    RigidAlignment.Fit fit = RigidAlignment.rigid(p, moved(p, 1), null).orElseThrow();

    assertSame(fit.T_q_p(), TRUE_MOTION, 1e-12);
    assertThat(fit.scale()).isEqualTo(1);
    assertThat(fit.rmse()).isLessThan(1e-6);
    assertThat(fit.conditioning()).isGreaterThan(0.5);
  }

  @Test
  void findsScaleAlongWithTheMotion() {
    double[] p = cloud(50, 2);

    RigidAlignment.Fit fit = RigidAlignment.similarity(p, moved(p, 3.7), null).orElseThrow();

    assertSame(fit.T_q_p(), TRUE_MOTION, 1e-12);
    assertThat(fit.scale()).isCloseTo(3.7, within(1e-12));
    assertThat(fit.apply(p[0], p[1], p[2]))
        .containsExactly(
            new double[] {moved(p, 3.7)[0], moved(p, 3.7)[1], moved(p, 3.7)[2]}, within(1e-12));
  }

  @Test
  void turnsAReflectedTriangleOverInSpace() {
    // The points of the example in Umeyama 1991, lifted to space: in the plane they are mirrored.
    double[] p = {0, 0, 0, 1, 0, 0, 0, 2, 0};
    double[] q = {0, 0, 0, -1, 0, 0, 0, 2, 0};

    RigidAlignment.Fit fit = RigidAlignment.rigid(p, q, null).orElseThrow();

    assertThat(determinant(fit.T_q_p())).isCloseTo(1, within(1e-12));
    // Half a turn about y does what the mirror did.
    assertThat(fit.rmse()).isLessThan(1e-7);
    assertThat(fit.apply(1, 0, 0)).containsExactly(new double[] {-1, 0, 0}, within(1e-12));
  }

  @Test
  void givesARotationWhereAReflectionWouldFitBetter() {
    double[] p = cloud(40, 3);
    double[] q = p.clone();
    for (int i = 0; i < q.length; i += 3) {
      q[i] = -q[i];
    }

    RigidAlignment.Fit fit = RigidAlignment.rigid(p, q, null).orElseThrow();

    assertThat(determinant(fit.T_q_p())).isCloseTo(1, within(1e-12));
    assertThat(fit.rmse()).isGreaterThan(0.1);
  }

  @Test
  void ignoresPointsWithoutWeightEvenWhenTheyAreNotNumbers() {
    double[] p = cloud(30, 4);
    double[] q = moved(p, 1);
    double[] weights = new double[30];
    Arrays.fill(weights, 0.5);
    weights[7] = 0;
    q[21] = Double.NaN;
    weights[8] = 0;
    q[24] += 100;

    assertSame(RigidAlignment.rigid(p, q, weights).orElseThrow().T_q_p(), TRUE_MOTION, 1e-12);
  }

  @Test
  void leansTowardsTheHeavierPoints() {
    double[] p = {0, 0, 0, 1, 0, 0};
    double[] q = {0, 0, 0, 3, 0, 0};

    RigidAlignment.Fit fit = RigidAlignment.rigid(p, q, new double[] {1, 3}).orElseThrow();

    // Centroids 0.75 and 2.25: the heavy point is off by 0.5, the light one by 1.5.
    assertThat(fit.T_q_p().tx()).isCloseTo(1.5, within(1e-12));
    assertThat(fit.rmse()).isCloseTo(Math.sqrt((1.5 * 1.5 + 3 * 0.5 * 0.5) / 4), within(1e-12));
  }

  @Test
  void saysThatPointsOnALineOrASinglePointDoNotFixARotation() {
    double[] line = {0, 0, 0, 1, 1, 0, 2, 2, 0, 5, 5, 0};
    double[] point = {1, 2, 3};

    assertThat(RigidAlignment.rigid(line, moved(line, 1), null).orElseThrow().conditioning())
        .isLessThan(1e-12);
    assertThat(RigidAlignment.rigid(point, moved(point, 1), null).orElseThrow().conditioning())
        .isZero();
  }

  @Test
  void alignsACameraThatNeverMovedToTheMeanOfTheTruth() {
    double[] still = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    double[] truth = {0, 0, 0, 3, 0, 0, 6, 0, 0};

    RigidAlignment.Fit fit = RigidAlignment.similarity(still, truth, null).orElseThrow();

    assertThat(fit.apply(1, 1, 1)).containsExactly(new double[] {3, 0, 0}, within(1e-12));
    assertThat(fit.rmse()).isCloseTo(Math.sqrt(6), within(1e-12));
  }

  @Test
  void hasNoAnswerWithoutUsablePoints() {
    assertThat(RigidAlignment.rigid(new double[0], new double[0], null)).isEmpty();
    assertThat(RigidAlignment.rigid(cloud(4, 5), cloud(4, 6), new double[4])).isEmpty();
    double[] broken = cloud(4, 7);
    broken[3] = Double.NaN;
    assertThat(RigidAlignment.rigid(broken, cloud(4, 8), null)).isEmpty();
  }

  @Test
  void refusesArraysThatDoNotBelongTogether() {
    assertThatThrownBy(() -> RigidAlignment.rigid(new double[6], new double[9], null))
        .hasMessageContaining("got 6, 9 and no values");
  }

  private static double[] cloud(int n, long seed) {
    Random random = new Random(seed);
    double[] p = new double[3 * n];
    for (int i = 0; i < p.length; i++) {
      p[i] = random.nextGaussian() * 2;
    }
    return p;
  }

  private static double[] moved(double[] p, double scale) {
    double[] q = new double[p.length];
    for (int i = 0; i < p.length; i += 3) {
      double[] m = TRUE_MOTION.transform(scale * p[i], scale * p[i + 1], scale * p[i + 2]);
      System.arraycopy(m, 0, q, i, 3);
    }
    return q;
  }

  private static void assertSame(Se3 actual, Se3 expected, double tolerance) {
    assertThat(actual.inverse().times(expected).log())
        .containsExactly(new double[6], within(tolerance));
  }

  private static double determinant(Se3 T) {
    double[] r = T.rotation();
    return r[0] * (r[4] * r[8] - r[5] * r[7])
        - r[1] * (r[3] * r[8] - r[5] * r[6])
        + r[2] * (r[3] * r[7] - r[4] * r[6]);
  }
}
