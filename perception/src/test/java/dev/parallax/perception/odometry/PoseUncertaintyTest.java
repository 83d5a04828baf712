package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PoseUncertaintyTest {
  private static final double[] NOTHING = new double[36];

  private static Se3 at(double x, double y) {
    return Se3.ofTranslation(x, y, 0);
  }

  private static double[] diagonal(double variance) {
    double[] c = new double[36];
    for (int k = 0; k < 6; k++) {
      c[7 * k] = variance;
    }
    return c;
  }

  @Test
  void stepsAddUpFromKeyframeToKeyframe() {
    PoseUncertainty uncertainty = new PoseUncertainty();
    uncertainty.start(at(0, 0), NOTHING);

    for (int k = 1; k <= 10; k++) {
      uncertainty.addKeyframe(at(k, 0), diagonal(0.01), 0);
    }

    assertThat(uncertainty.at(at(10, 0), NOTHING)).containsExactly(diagonal(0.1), within(1e-12));
    assertThat(uncertainty.at(at(10.5, 0), diagonal(0.02)))
        .containsExactly(diagonal(0.12), within(1e-12));
  }

  @Test
  void aPictureBetweenKeyframesLeavesNoTrace() {
    PoseUncertainty uncertainty = new PoseUncertainty();
    uncertainty.start(at(0, 0), NOTHING);
    uncertainty.at(at(5, 5), diagonal(1));

    assertThat(uncertainty.at(at(0, 0), NOTHING)).containsOnly(0);
  }

  @Test
  void aUnitThatWandersShowsAlongTheWayOnly() {
    PoseUncertainty uncertainty = new PoseUncertainty();
    uncertainty.start(at(0, 0), NOTHING);
    uncertainty.addKeyframe(at(0, 0), NOTHING, 0.02);

    double[] covariance = uncertainty.at(at(0, 50), NOTHING);

    assertThat(Math.sqrt(covariance[7])).isCloseTo(1, within(1e-9)); // 2 % of 50
    assertThat(covariance[0]).isZero();
    assertThat(covariance[14]).isZero();
  }

  /** The scale is a random walk used step by step: held against drawing it many times. */
  @Test
  void itSpreadsAsManyDrawnWalksDo() {
    Random random = new Random(3);
    double scaleStd = 0.03;
    double[] wayX = {1, 2, 1, 0, -1};
    double[] wayY = {0, 1, 2, 2, 1};
    PoseUncertainty uncertainty = new PoseUncertainty();
    uncertainty.start(at(0, 0), NOTHING);
    double x = 0;
    double y = 0;
    for (int k = 0; k < wayX.length; k++) {
      x += wayX[k];
      y += wayY[k];
      uncertainty.addKeyframe(at(x, y), NOTHING, scaleStd);
    }
    double[] predicted = uncertainty.at(at(x, y), NOTHING);

    double[] sampled = new double[3];
    int walks = 40_000;
    for (int n = 0; n < walks; n++) {
      double scale = 0;
      double ex = 0;
      double ey = 0;
      for (int k = 0; k < wayX.length; k++) {
        ex += scale * wayX[k];
        ey += scale * wayY[k];
        scale += scaleStd * random.nextGaussian();
      }
      sampled[0] += ex * ex / walks;
      sampled[1] += ex * ey / walks;
      sampled[2] += ey * ey / walks;
    }

    assertThat(predicted[0]).isCloseTo(sampled[0], within(0.05 * sampled[2]));
    assertThat(predicted[1]).isCloseTo(sampled[1], within(0.05 * sampled[2]));
    assertThat(predicted[7]).isCloseTo(sampled[2], within(0.05 * sampled[2]));
  }

  @Test
  void aChangeOfUnitMultipliesLengthsAndNothingElse() {
    PoseUncertainty uncertainty = new PoseUncertainty();
    uncertainty.start(at(0, 0), NOTHING);
    uncertainty.addKeyframe(at(2, 0), diagonal(0.01), 0.05);

    uncertainty.rescale(10, new double[3]);
    double[] covariance = uncertainty.at(at(60, 0), NOTHING); // 40 new units on

    assertThat(covariance[0]).isCloseTo(1 + 0.05 * 0.05 * 40 * 40, within(1e-9));
    assertThat(covariance[7]).isCloseTo(1, within(1e-9));
    assertThat(covariance[21]).isCloseTo(0.01, within(1e-12));
  }

  @Test
  void aNewStartIsExact() {
    PoseUncertainty uncertainty = new PoseUncertainty();
    uncertainty.start(at(0, 0), NOTHING);
    uncertainty.addKeyframe(at(2, 0), diagonal(0.01), 0.05);

    uncertainty.start(at(7, 7), NOTHING);

    assertThat(Arrays.stream(uncertainty.at(at(9, 9), NOTHING)).sum()).isZero();
  }
}
