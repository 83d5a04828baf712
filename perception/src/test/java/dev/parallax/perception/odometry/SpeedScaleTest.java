package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.DrivenWay;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpeedScaleTest {
  private static final double STEP_M = 0.75;
  private static final double PERIOD_S = 0.1;

  private final SpeedScale scale = new SpeedScale();
  private double unitM = 1; // metres in the unit of the path that is seen
  private double seenX;
  private double drivenM;
  private double varianceM2;
  private double longestStepErrorM;
  private int frames;

  /** A step of so many metres that is seen with a factor and driven with another. */
  private Optional<SpeedScale.Correction> step(double seenFactor, double drivenFactor) {
    double before = seenX;
    seenX += seenFactor * STEP_M / unitM;
    drivenM += drivenFactor * STEP_M;
    varianceM2 += 0.003 * 0.003;
    Timestamp stamp = Timestamp.ofSeconds(++frames * PERIOD_S);
    DrivenWay driven = new DrivenWay(0, drivenM, varianceM2);
    Optional<SpeedScale.Correction> found =
        scale.observe(stamp, Se3.ofTranslation(seenX, 0, 0), driven);
    if (found.isPresent()) {
      unitM /= found.get().factor();
      seenX = before + found.get().stepFactor() * (seenX - before);
      double[] here = {seenX, 0, 0};
      scale.rescale(found.get().factor(), here, here);
      scale.begin(stamp, Se3.ofTranslation(seenX, 0, 0), driven);
    }
    longestStepErrorM = Math.max(longestStepErrorM, Math.abs(seenX - before - STEP_M));
    return found;
  }

  private void begin(double unit) {
    unitM = unit;
    step(1, 1);
    step(1, 1);
    longestStepErrorM = 0;
  }

  @Test
  void theFirstStepSettlesTheUnitAndSaysHowSurely() {
    assertThat(scale.isKnown()).isFalse();
    begin(9.4);
    assertThat(scale.isKnown()).isTrue();
    assertThat(unitM).isCloseTo(1, within(1e-6));
    assertThat(scale.relativeStd()).isBetween(0.04, 0.07);
    step(1, 1);
    for (int i = 0; i < 50; i++) {
      step(1, 1);
    }
    assertThat(scale.relativeStd()).isLessThan(0.02);
  }

  @Test
  void aFirstStepSeenWronglyIsForgottenThoughALaterOneAgreesWithItByChance() {
    begin(1);
    unitM = 0.12; // from here on all is seen eight times as long
    step(1, 1);
    step(1, 1);
    step(0.13, 1); // as if the first had been right
    for (int i = 0; i < 6; i++) {
      step(1, 1);
    }
    assertThat(unitM).isCloseTo(1, within(0.05));
  }

  @Test
  void stepsAreAsLongAsDrivenThoughTheyAreSeenWithNoiseAndTheScaleDrifts() {
    begin(1);
    Random noise = new Random(4);
    double from = seenX;
    for (int i = 0; i < 400; i++) {
      unitM *= 1.002; // by 2.7 % over ten metres
      step(1 + 0.03 * noise.nextGaussian(), 1 + 0.004 * noise.nextGaussian());
    }
    assertThat((seenX - from) / (400 * STEP_M)).isCloseTo(1, within(0.002));
    assertThat(unitM).isCloseTo(1, within(0.04));
    assertThat(longestStepErrorM / STEP_M).isLessThan(0.03);
  }

  @Test
  void wheelsThatSlipAreNotBelievedAndThenAreAgain() {
    begin(1);
    Random noise = new Random(5);
    for (int i = 0; i < 60; i++) {
      step(1 + 0.02 * noise.nextGaussian(), 1);
    }
    double before = unitM;
    for (int i = 0; i < 10; i++) { // for a second
      Optional<SpeedScale.Correction> found = step(1 + 0.02 * noise.nextGaussian(), 1.5);
      assertThat(found).isEmpty();
    }
    assertThat(unitM).isEqualTo(before);
    int believed = 0;
    for (int i = 0; i < 40; i++) {
      believed += step(1 + 0.02 * noise.nextGaussian(), 1).isPresent() ? 1 : 0;
    }
    assertThat(believed).isGreaterThan(20);
    assertThat(unitM).isCloseTo(1, within(0.03));
  }

  @Test
  void anOdometryThatLostItsScaleIsBroughtBackWithinSeconds() {
    begin(1);
    for (int i = 0; i < 60; i++) {
      step(1, 1);
    }
    unitM = 1.3;
    int refused = 0;
    while (step(1, 1).isEmpty()) {
      refused++;
    }
    assertThat(refused * PERIOD_S).isLessThan(5);
    for (int i = 0; i < 60; i++) {
      step(1, 1);
    }
    assertThat(unitM).isCloseTo(1, within(0.01));
  }

  @Test
  void aFirstStepThatWasSeenMuchTooShortDoesNotLast() {
    step(1, 1);
    step(0.25, 1);
    assertThat(unitM).isCloseTo(0.25, within(1e-6));
    for (int i = 0; i < 8; i++) {
      step(1, 1);
    }
    assertThat(unitM).isCloseTo(1, within(0.01));
  }

  @Test
  void aCameraThatIsNotSeenToMoveWhileTheWheelsTurnTeachesNothing() {
    begin(1);
    for (int i = 0; i < 5; i++) {
      assertThat(step(0, 1)).isEmpty();
    }
    assertThat(unitM).isCloseTo(1, within(1e-6));
    assertThat(scale.relativeStd()).isFinite();
  }

  @Test
  void aStepThatIsShortAgainstTheSpeedsNoiseWaitsForMore() {
    begin(1);
    Timestamp stamp = Timestamp.ofSeconds(frames * PERIOD_S + 0.03);
    DrivenWay little = new DrivenWay(0, drivenM + 0.01, varianceM2 + 0.003 * 0.003);
    assertThat(scale.observe(stamp, Se3.ofTranslation(seenX + 0.05, 0, 0), little)).isEmpty();
  }

  @Test
  void waysOfDifferentRunsAreNotCompared() {
    begin(1);
    DrivenWay elsewhere = new DrivenWay(1, 5000, 1);
    Timestamp stamp = Timestamp.ofSeconds(++frames * PERIOD_S);
    assertThat(scale.observe(stamp, Se3.ofTranslation(seenX + 1, 0, 0), elsewhere)).isEmpty();
    assertThat(scale.hasBegun(new DrivenWay(0, 1, 1))).isFalse();
  }
}
