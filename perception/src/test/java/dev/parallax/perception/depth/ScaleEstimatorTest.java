package dev.parallax.perception.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ScaleEstimatorTest {
  private final ScaleEstimator estimator = new ScaleEstimator(1.65);

  private static GroundPlane ground(double height, double relativeStd) {
    return new GroundPlane(0, 1 / height, 0, relativeStd, 0.6);
  }

  @Test
  void firstSureSightSetsTheScaleAtOnce() {
    assertThat(estimator.isKnown()).isFalse();

    assertThat(estimator.observe(ground(0.1, 0.02)).orElseThrow()).isCloseTo(16.5, within(1e-9));
    assertThat(estimator.isKnown()).isTrue();
  }

  @Test
  void anUnsureFirstSightIsNotTaken() {
    assertThat(estimator.observe(ground(0.1, 0.3))).isEmpty();
    assertThat(estimator.isKnown()).isFalse();
  }

  @Test
  void laterSightsCorrectSlowlyUntilTheHeightIsRight() {
    estimator.observe(ground(1.65, 0.02));
    double height = 1.55;
    for (int k = 0; k < 40; k++) {
      double factor = estimator.observe(ground(height, 0.02)).orElse(1);
      assertThat(factor).isBetween(1 / 1.0203, 1.0203);
      height *= factor;
    }

    assertThat(height).isCloseTo(1.65, within(0.015));
    assertThat(estimator.relativeStd()).isLessThan(0.02);
  }

  @Test
  void aTableTopPassingByIsIgnored() {
    estimator.observe(ground(1.65, 0.02));

    OptionalDouble factor = estimator.observe(ground(0.9, 0.02));

    assertThat(factor).isEmpty();
  }

  @Test
  void aWrongBeginningDoesNotLast() {
    estimator.observe(ground(0.9, 0.02));
    double height = 2.5;
    for (int k = 0; k < 80; k++) {
      height *= estimator.observe(ground(height, 0.02)).orElse(1);
    }

    assertThat(height).isCloseTo(1.65, within(0.05));
  }

  @Test
  void afterForgettingTheUnitIsUnknownAgain() {
    estimator.observe(ground(1, 0.02));
    estimator.forget();

    assertThat(estimator.isKnown()).isFalse();
  }
}
