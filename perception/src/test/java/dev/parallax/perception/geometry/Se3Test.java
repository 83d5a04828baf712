package dev.parallax.perception.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Se3Test {
  private static final double[] AXIS = {2 / 7.0, -3 / 7.0, 6 / 7.0}; // unit

  @ParameterizedTest
  @ValueSource(
      doubles = {0, 1e-12, 1.1e-8, 1e-6, 9.9e-5, 1.01e-4, 1e-3, 0.5, 2, Math.PI - 1e-3, 3.14159265})
  void logUndoesExpAtEveryAngle(double angleRad) {
    double[] twist = {
      1.5, -0.2, 3, angleRad * AXIS[0], angleRad * AXIS[1], angleRad * AXIS[2],
    };

    double[] back = Se3.exp(twist).log();

    // Near pi the axis comes from a difference of nearly equal numbers: half the digits remain.
    assertThat(back).containsExactly(twist, within(angleRad > 3.1 ? 1e-7 : 1e-12));
  }

  @Test
  void expOfATurnAboutZMovesAlongAnArc() {
    Se3 quarter = Se3.exp(new double[] {Math.PI / 2, 0, 0, 0, 0, Math.PI / 2});

    // Speed 1 and turn rate 1 for pi/2 seconds: a quarter of the unit circle.
    assertThat(quarter.translation()).containsExactly(new double[] {1, 1, 0}, within(1e-12));
    assertThat(quarter.transform(1, 0, 0)).containsExactly(new double[] {1, 2, 0}, within(1e-12));
  }

  @Test
  void halfTurnsAboutEveryAxisHaveAnAngleOfPi() {
    for (double[] q : new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0.6, 0, -0.8}}) {
      Se3 halfTurn = Se3.ofQuaternion(q[0], q[1], q[2], 0, 0, 0, 0);

      assertThat(halfTurn.angleRad()).isCloseTo(Math.PI, within(1e-12));
      double[] w = halfTurn.rotationVector();
      assertThat(Math.abs(w[0] * q[0] + w[1] * q[1] + w[2] * q[2]))
          .isCloseTo(Math.PI, within(1e-7));
    }
  }

  @Test
  void quaternionSurvivesTheMatrixUpToSignInAllFourBranches() {
    Random random = new Random(4);
    for (int i = 0; i < 200; i++) {
      double[] q = new double[4];
      double n = 0;
      for (int k = 0; k < 4; k++) {
        q[k] = random.nextGaussian();
        n += q[k] * q[k];
      }
      double sign = (q[3] < 0 ? -1 : 1) / Math.sqrt(n);

      double[] back = Se3.ofQuaternion(q[0], q[1], q[2], q[3], 1, 2, 3).quaternion();

      assertThat(back)
          .containsExactly(
              new double[] {sign * q[0], sign * q[1], sign * q[2], sign * q[3]}, within(1e-12));
    }
  }

  @Test
  void productAppliesTheRightOneFirst() {
    Se3 T_a_b = Se3.ofQuaternion(0, 0, Math.sqrt(0.5), Math.sqrt(0.5), 1, 0, 0); // 90 deg about z
    Se3 T_b_c = Se3.ofTranslation(0, 2, 0);

    assertThat(T_a_b.times(T_b_c).transform(1, 0, 0))
        .containsExactly(new double[] {-1, 1, 0}, within(1e-12));
  }

  @Test
  void inverseBringsEveryPointBack() {
    Se3 T = Se3.exp(new double[] {1, 2, 3, 0.3, -1.2, 0.7});
    double[] moved = T.transform(-4, 5, 6);

    assertThat(T.inverse().transform(moved[0], moved[1], moved[2]))
        .containsExactly(new double[] {-4, 5, 6}, within(1e-12));
    assertThat(T.times(T.inverse()).log()).containsExactly(new double[6], within(1e-12));
  }

  @Test
  void longProductsStayRotationsOnceNormalised() {
    Se3 step = Se3.exp(new double[] {0, 0, 0, 1e-3, 2e-3, -1e-3});
    Se3 product = Se3.identity();
    for (int i = 0; i < 1000; i++) {
      product = product.times(step).normalised();
    }

    assertThat(product.log()).containsExactly(new double[] {0, 0, 0, 1, 2, -1}, within(1e-10));
  }

  @Test
  void refusesReflectionsAndZeroQuaternions() {
    assertThatThrownBy(() -> Se3.of(new double[] {1, 0, 0, 0, 1, 0, 0, 0, -1}, new double[3]))
        .hasMessageContaining("reflection");
    assertThatThrownBy(() -> Se3.ofQuaternion(0, 0, 0, 0, 1, 2, 3)).hasMessageContaining("0.0");
  }
}
