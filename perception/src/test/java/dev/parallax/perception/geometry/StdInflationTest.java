package dev.parallax.perception.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StdInflationTest {
  private final Random random = new Random(5);

  @Test
  void errorsThreeTimesAsLargeAsPromisedAreFoundInSpiteOfOutliers() {
    StdInflation inflation = new StdInflation(40, 10);
    assertThat(inflation.factor()).isEqualTo(1);
    for (int i = 0; i < 30; i++) {
      inflation.learn(errors(500, 3), 500);
    }
    assertThat(inflation.factor()).isCloseTo(3, within(0.45));
  }

  @Test
  void fewErrorsTellNothing() {
    StdInflation inflation = new StdInflation(40, 10);
    inflation.learn(errors(39, 9), 39);
    assertThat(inflation.factor()).isEqualTo(1);
  }

  @Test
  void whatIsLongPastIsForgotten() {
    StdInflation inflation = new StdInflation(40, 5);
    inflation.learn(errors(500, 9), 500);
    for (int i = 0; i < 40; i++) {
      inflation.learn(errors(500, 1), 500);
    }
    assertThat(inflation.factor()).isCloseTo(1, within(0.2));
  }

  /** A twentieth of them outliers. */
  private double[] errors(int n, double std) {
    double[] errors = new double[n];
    for (int i = 0; i < n; i++) {
      errors[i] = i % 20 == 0 ? 1e6 : Math.abs(std * random.nextGaussian());
    }
    return errors;
  }
}
