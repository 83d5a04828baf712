package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FocalSweepTest {
  private static final double SIDE = Math.sqrt((double) SeenViews.WIDTH * SeenViews.HEIGHT);

  @Test
  void aCameraThatTurnsAndMovesTellsItsFocalLengthWhateverWasAssumed() {
    for (double focal : new double[] {170, 262, 400}) {
      Random random = new Random(3);
      FocalSweep sweep = new FocalSweep();
      for (int w = 0; w < 3; w++) {
        sweep.add(SeenViews.of(focal, 0, SeenViews.WIDTH, random, 0.02));
      }
      FocalSweep.Found found = sweep.found(SIDE).orElseThrow();
      assertThat(found.focalPx() / focal).as("of %s", focal).isCloseTo(1, within(0.03));
      assertThat(Math.abs(Math.log(found.focalPx() / focal)))
          .isLessThan(4 * found.relativeStd() + 0.003);
    }
  }

  @Test
  void aCameraThatGoesStraightAheadWithoutTurningTellsNothingAndItIsNotGuessed() {
    Random random = new Random(4);
    FocalSweep sweep = new FocalSweep();
    for (int w = 0; w < 6; w++) {
      sweep.add(SeenViews.of(262, 0, SeenViews.WIDTH, random, 0));
    }
    assertThat(sweep.found(SIDE)).isEmpty();
    assertThat(sweep.best(SIDE).relativeStd()).isGreaterThan(0.1);
  }
}
