package dev.parallax.perception.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.GroundPlane;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ScaleEstimatorTest {
  private final ScaleEstimator estimator = new ScaleEstimator(1.65);

  private static GroundPlane ground(double height, double relativeStd) {
    return new GroundPlane(0, 1 / height, 0, relativeStd, 0.6);
  }

  /** A sight of the ground, after which lengths are what was answered. */
  private OptionalDouble see(double height, double relativeStd) {
    OptionalDouble factor = estimator.observe(ground(height, relativeStd));
    factor.ifPresent(estimator::rescale);
    return factor;
  }

  @Test
  void firstSureSightSetsTheScaleAtOnce() {
    assertThat(estimator.isKnown()).isFalse();

    assertThat(see(0.1, 0.02).orElseThrow()).isCloseTo(16.5, within(1e-9));
    assertThat(estimator.isKnown()).isTrue();
  }

  @Test
  void anUnsureFirstSightIsNotTaken() {
    assertThat(see(0.1, 0.3)).isEmpty();
    assertThat(estimator.isKnown()).isFalse();
  }

  @Test
  void laterSightsCorrectSlowlyUntilTheHeightIsRight() {
    see(1.65, 0.02);
    double height = 1.55;
    for (int k = 0; k < 40; k++) {
      double factor = see(height, 0.02).orElse(1);
      assertThat(factor).isBetween(1 / 1.0203, 1.0203);
      height *= factor;
    }

    assertThat(height).isCloseTo(1.65, within(0.015));
    assertThat(estimator.relativeStd()).isLessThan(0.02);
  }

  @Test
  void aTableTopPassingByIsIgnored() {
    see(1.65, 0.02);

    OptionalDouble factor = see(0.9, 0.02);

    assertThat(factor).isEmpty();
  }

  @Test
  void aWrongBeginningDoesNotLast() {
    see(0.9, 0.02);
    double height = 2.5;
    for (int k = 0; k < 80; k++) {
      height *= see(height, 0.02).orElse(1);
    }

    assertThat(height).isCloseTo(1.65, within(0.05));
  }

  @Test
  void anotherSourcesWordForTheUnitIsTakenIntoAccount() {
    see(1.65, 0.02);
    estimator.rescale(1.1); // lengths are now a tenth too long for this source

    assertThat(estimator.scale()).isCloseTo(1 / 1.1, within(1e-9));
    assertThat(estimator.observe(ground(1.65 * 1.1, 0.02)).orElseThrow())
        .isCloseTo(1 / 1.1, within(1e-9));
  }

  @Test
  void afterForgettingTheUnitIsUnknownAgain() {
    see(1, 0.02);
    estimator.forget();

    assertThat(estimator.isKnown()).isFalse();
  }
}
