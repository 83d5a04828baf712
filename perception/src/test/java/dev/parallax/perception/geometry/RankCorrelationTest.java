package dev.parallax.perception.geometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RankCorrelationTest {
  @Test
  void whateverGrowsAlongIsRankedAlike() {
    double[] a = {3, -1, 8, 0.5, 100};
    double[] b = {9, 0, 64, 1, 1e9};
    double[] down = {-9, 0, -64, -1, -1e9};
    assertThat(RankCorrelation.of(a, b, 5)).isEqualTo(1);
    assertThat(RankCorrelation.of(a, down, 5)).isEqualTo(-1);
  }

  @Test
  void anExampleWorkedByHand() {
    // Ranks 1 2 3 4 against 2 1 4 3: squares sum up to 4.
    assertThat(RankCorrelation.of(new double[] {1, 2, 3, 4}, new double[] {20, 10, 40, 30}, 4))
        .isCloseTo(1 - 6 * 4 / 60.0, within(1e-12));
  }

  @Test
  void whatHasNothingToDoWithEachOtherIsNearNought() {
    Random random = new Random(3);
    double[] a = random.doubles(1000).toArray();
    double[] b = random.doubles(1000).toArray();
    assertThat(RankCorrelation.of(a, b, 1000)).isCloseTo(0, within(0.1));
  }

  @Test
  void oneValueTellsNothing() {
    assertThat(RankCorrelation.of(new double[] {1}, new double[] {1}, 1)).isNaN();
  }

  @Test
  void equalValuesAreRankedAsTheyCome() {
    double[] equal = {5, 5, 5, 5};
    assertThat(RankCorrelation.of(equal, new double[] {1, 2, 3, 4}, 4)).isEqualTo(1);
  }
}
