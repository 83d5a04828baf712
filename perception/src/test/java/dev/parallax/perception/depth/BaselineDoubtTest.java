package dev.parallax.perception.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BaselineDoubtTest {
  private static final double METRIC = 0; // a metric scale that is right

  private final BaselineDoubt doubt = new BaselineDoubt();

  @Test
  void everyDepthIsOffByTheSameShareAndUnknownDepthStaysUnknown() {
    doubt.measured(new Timestamp(1), 0.3);
    DepthMap map =
        new DepthMap(3, 1, new float[] {2, 10, Float.NaN}, new float[] {0.8f, 0, Float.NaN});

    doubt.widen(map, METRIC);

    assertThat(map.stdM()[0]).isCloseTo(1.0f, within(1e-6f)); // 0.8 and 0.6
    assertThat(map.stdM()[1]).isCloseTo(3.0f, within(1e-6f));
    assertThat(map.stdM()[2]).isNaN();
    assertThat(map.depthM()).containsExactly(2, 10, Float.NaN);
  }

  @Test
  void aBeliefKeepsWhatItHasFromTheSurerOfItsLastTwoBaselines() {
    doubt.measured(new Timestamp(1), 0.2);
    doubt.measured(new Timestamp(1), 0.05);
    doubt.measured(new Timestamp(1), 0.4);
    doubt.measured(new Timestamp(2), 0.5);
    assertThat(doubt.relativeStd(METRIC)).isEqualTo(0.05);

    doubt.measured(new Timestamp(3), 0.5);
    assertThat(doubt.relativeStd(METRIC)).as("the sure one is two back").isEqualTo(0.5);
  }

  @Test
  void depthThatWasForgottenLendsNothing() {
    doubt.measured(new Timestamp(1), 0.05);
    doubt.forget();
    assertThat(doubt.relativeStd(METRIC)).isZero();
    doubt.measured(new Timestamp(2), 0.3);
    assertThat(doubt.relativeStd(METRIC)).isEqualTo(0.3);
  }

  @Test
  void theDoubtOfAMetricScaleTakesThePlaceOfTheWalk() {
    doubt.measured(new Timestamp(1), 0.04);
    doubt.measured(new Timestamp(2), 0.04);
    assertThat(doubt.relativeStd(0.03)).isCloseTo(0.05, within(1e-12));
    assertThat(doubt.relativeStd(Double.NaN)).isCloseTo(0.04 * Math.sqrt(7.0 / 6), within(1e-12));
  }

  @Test
  void aRelativeUnitThatWalksIsOffFromItsOwnMeanByWhatIsSaid() {
    double step = 0.05;
    int references = 30;
    for (int i = 0; i <= references; i++) {
      doubt.measured(new Timestamp(i + 1), step);
    }
    double said = doubt.relativeStd(Double.NaN);
    double walk = Math.sqrt(said * said - step * step);

    double squares = 0;
    int walks = 0;
    for (long seed = 1; seed <= 3; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int k = 0; k < 500; k++, walks++) {
        squares += varianceAboutMean(random, references, step);
      }
    }
    assertThat(walk / Math.sqrt(squares / walks)).isCloseTo(1, within(0.05));
  }

  private static double varianceAboutMean(SplittableRandom random, int steps, double std) {
    double at = 0;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < steps; i++) {
      at += std * random.nextGaussian();
      sum += at;
      squares += at * at;
    }
    double mean = sum / steps;
    return squares / steps - mean * mean;
  }
}
