package dev.parallax.perception.prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FillErrorScaleTest {
  private final FillErrorScale scale = new FillErrorScale();

  @Test
  void errorsOfThreeStdsMakeTheStdThreeTimesAsLarge() {
    Random random = new Random(1);
    for (int picture = 0; picture < 40; picture++) {
      learn(random, 3, 400);
    }
    assertThat(scale.factor()).isCloseTo(3, within(0.2));
  }

  @Test
  void whatIsSurerThanPromisedStaysAsPromised() {
    learn(new Random(1), 0.3, 400);
    assertThat(scale.factor()).isEqualTo(1);
  }

  @Test
  void aFewPixelsTellNothing() {
    learn(new Random(1), 3, 39);
    assertThat(scale.factor()).isEqualTo(1);
  }

  private void learn(Random random, double std, int n) {
    double[] errors =
        random.doubles(n).map(unused -> Math.abs(std * random.nextGaussian())).toArray();
    scale.learn(errors, n);
  }
}
