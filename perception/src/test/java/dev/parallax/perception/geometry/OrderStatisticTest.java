package dev.parallax.perception.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderStatisticTest {
  @Test
  void everyPlaceHoldsWhatSortingPutsThere() {
    Random random = new Random(3);
    for (int n = 1; n < 40; n++) {
      double[] values = new double[n + 2];
      for (int i = 0; i < values.length; i++) {
        // Few different values, so that many are equal.
        values[i] = random.nextInt(9) == 0 ? Double.POSITIVE_INFINITY : random.nextInt(12) - 6;
      }
      double[] sorted = values.clone();
      Arrays.sort(sorted, 0, n);
      for (int k = 0; k < n; k++) {
        assertThat(OrderStatistic.select(values.clone(), n, k)).isEqualTo(sorted[k]);
      }
    }
  }

  @Test
  void sortedReversedAndEqualValuesHaveAMedianToo() {
    double[] rising = new double[5001];
    double[] falling = new double[5001];
    for (int i = 0; i < rising.length; i++) {
      rising[i] = i;
      falling[i] = rising.length - 1 - i;
    }
    assertThat(OrderStatistic.median(rising, 5001)).isEqualTo(2500);
    assertThat(OrderStatistic.median(falling, 5001)).isEqualTo(2500);
    assertThat(OrderStatistic.median(new double[5001], 5001)).isZero();
    assertThat(OrderStatistic.median(new double[] {1, 2, 3, 4}, 4)).isEqualTo(3);
  }

  @Test
  void thereIsNoPlaceOutsideOfTheValues() {
    double[] values = {1, 2};
    assertThatIllegalArgumentException().isThrownBy(() -> OrderStatistic.median(values, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> OrderStatistic.select(values, 2, 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OrderStatistic.select(values, 3, 0))
        .withMessageContaining("3 of 2 values");
  }
}
