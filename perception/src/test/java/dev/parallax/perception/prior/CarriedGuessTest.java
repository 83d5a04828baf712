package dev.parallax.perception.prior;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A wall four metres away, seen by a camera that has moved since. */
class CarriedGuessTest {
  private static final PinholeCamera GRID = new PinholeCamera(32, 24, 30, 30, 15.5, 11.5);
  private static final int MIDDLE = 12 * 32 + 16;
  private static final float WALL = 4;

  @Test
  void aStepTowardsTheWallBringsItNearer() {
    PriorDepth seen = wall().moved(Se3.ofTranslation(0, 0, -1)).seenNow().depth();
    for (float depth : seen.depth()) {
      assertThat(depth).isCloseTo(WALL - 1, within(1e-5f));
    }
    assertThat(seen.std()[MIDDLE] / seen.depth()[MIDDLE]).isCloseTo(0.1f, within(1e-5f));
  }

  @Test
  void aTurnShowsTheWallAskew() {
    Se3 turn = Se3.ofRotationVector(0, Math.toRadians(20), 0);
    PriorDepth seen = wall().moved(turn).seenNow().depth();
    for (int i : new int[] {MIDDLE, MIDDLE - 8, MIDDLE + 8}) {
      double x = (i % GRID.width() - GRID.cx()) / GRID.fx();
      double y = (i / GRID.width() - GRID.cy()) / GRID.fy();
      Se3 back = turn.inverse();
      double along = back.r(2, 0) * x + back.r(2, 1) * y + back.r(2, 2);
      assertThat(seen.depth()[i]).isCloseTo((float) (WALL / along), within(1e-4f));
    }
  }

  @Test
  void whatTheEarlierPictureDidNotShowIsLessSure() {
    PriorDepth seen =
        wall().moved(Se3.ofRotationVector(0, Math.toRadians(20), 0)).seenNow().depth();
    int unseen = 12 * 32;
    int stillSeen = 12 * 32 + 31;
    assertThat(seen.std()[unseen] / seen.depth()[unseen]).isCloseTo(0.2f, within(1e-5f));
    assertThat(seen.std()[stillSeen] / seen.depth()[stillSeen]).isCloseTo(0.1f, within(1e-5f));
  }

  @Test
  void whatLiesBehindTheCameraIsNotTold() {
    PriorDepth seen = wall().moved(Se3.ofTranslation(0, 0, -5)).seenNow().depth();
    assertThat(seen.depth()[MIDDLE]).isNaN();
    assertThat(seen.std()[MIDDLE]).isNaN();
  }

  private static CarriedGuess wall() {
    float[] depth = new float[GRID.width() * GRID.height()];
    float[] std = new float[depth.length];
    Arrays.fill(depth, WALL);
    Arrays.fill(std, 0.1f * WALL);
    return new CarriedGuess(
        new PriorDepth(GRID, depth, std, PriorDepth.Meaning.UP_TO_SCALE),
        new boolean[depth.length],
        Se3.identity());
  }
}
