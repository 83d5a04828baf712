package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SpreadChoiceTest {
  private static final int SIDE = 100;

  /** Points of 4 x 4 cells of 25 pixels, what 64 wanted points make of a picture of 100 x 100. */
  private static float[] points(Random random, int n) {
    float[] uv = new float[2 * n];
    for (int i = 0; i < uv.length; i++) {
      uv[i] = SIDE * random.nextFloat();
    }
    return uv;
  }

  @Test
  void everyCellGivesItsStrongestFirst() {
    Random random = new Random(4);
    float[] uv = points(random, 500);
    float[] response = new float[500];
    for (int i = 0; i < response.length; i++) {
      response[i] = random.nextInt(40) - 20; // many alike, some negative
    }

    int[] chosen = new SpreadChoice(SIDE, SIDE, uv, response).best(64);

    assertThat(chosen).hasSize(64).isSorted().doesNotHaveDuplicates();
    int[] taken = new int[16];
    for (int i : chosen) {
      taken[cell(uv, i)]++;
    }
    assertThat(taken).containsOnly(4);
    for (int i : chosen) {
      for (int j = 0; j < response.length; j++) {
        boolean before = response[j] > response[i] || response[j] == response[i] && j < i;
        if (cell(uv, j) == cell(uv, i) && before) {
          assertThat(chosen).as("what comes before %d", i).contains(j);
        }
      }
    }
  }

  private static int cell(float[] uv, int i) {
    return (int) (uv[2 * i + 1] / 25) * 4 + (int) (uv[2 * i] / 25);
  }

  @Test
  void cellsWithFewPointsLeaveTheRestToOthers() {
    float[] uv = new float[2 * 40];
    uv[0] = 90; // one point apart, the others in one corner
    float[] response = new float[40];
    for (int i = 0; i < response.length; i++) {
      response[i] = i;
    }

    int[] chosen = new SpreadChoice(SIDE, SIDE, uv, response).best(8);

    assertThat(chosen).containsExactly(0, 33, 34, 35, 36, 37, 38, 39);
  }

  @Test
  void allAreTakenWhereThereAreNoMoreThanWanted() {
    float[] uv = points(new Random(1), 5);

    assertThat(new SpreadChoice(SIDE, SIDE, uv, new float[5]).best(5))
        .containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void morePointsThanAKeyHasRoomForAreRefused() {
    int n = (1 << 18) + 1;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SpreadChoice(SIDE, SIDE, new float[2 * n], new float[n]).best(64))
        .withMessageContaining("Too many points");
  }
}
