package dev.parallax.perception.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlowErrorScaleTest {
  private static final int PIXELS = 20_000;

  private final FlowErrorScale scale = new FlowErrorScale(PIXELS);
  private final Random random = new Random(7);

  /** Magnitudes of Gaussian errors, a tenth of them gross. */
  private float[] errors(double std) {
    float[] across = new float[PIXELS];
    for (int i = 0; i < PIXELS; i++) {
      double gross = i % 10 == 0 ? 30 : 1;
      across[i] = (float) Math.abs(std * gross * random.nextGaussian());
    }
    return across;
  }

  @Test
  void errorsAsPromisedAreTakenForMoreAlongTheLine() {
    assertThat(scale.factor()).isEqualTo(1.4);
    for (int i = 0; i < 10; i++) {
      scale.learn(errors(1));
    }
    assertThat(scale.factor()).as("gross errors hardly count").isCloseTo(1.4, within(0.25));
  }

  @Test
  void errorsThreeTimesAsLargeRaiseItThreefoldWithinTheMemory() {
    scale.learn(errors(1));
    double before = scale.factor();
    for (int i = 0; i < 30; i++) {
      scale.learn(errors(3));
    }
    assertThat(scale.factor() / before).isCloseTo(3, within(0.3));
  }

  @Test
  void aPictureWithHardlyAMeasurementTeachesNothing() {
    float[] across = new float[PIXELS];
    Arrays.fill(across, Float.NaN);
    Arrays.fill(across, 0, 1000, 50f);
    scale.learn(across);
    assertThat(scale.factor()).isEqualTo(1.4);
  }
}
