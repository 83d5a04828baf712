package dev.parallax.sim.eval.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ErrorSharesTest {
  private static final int STEPS = 4000;

  /** The same steps as the truth, a run and another run in twice the unit have them. */
  private static final class Runs {
    final List<PosePair> own = new ArrayList<>();
    final List<PosePair> other = new ArrayList<>();
    private final Random random = new Random(3);

    Runs(double ownDeg, double otherDeg, double trueDeg) {
      Se3 truth = Se3.identity();
      Se3 a = Se3.identity();
      Se3 b = Se3.identity();
      Se3 step = Se3.exp(new double[] {0.1, 0, 1, 0, 0.02, 0});
      for (int i = 0; i <= STEPS; i++) {
        Timestamp stamp = new Timestamp(i);
        own.add(new PosePair(i, stamp, a, truth));
        other.add(new PosePair(i, stamp, b, truth));
        truth = truth.times(step).times(noise(trueDeg));
        a = a.times(step).times(noise(ownDeg));
        b = b.times(step.times(noise(otherDeg)).scaledTranslation(0.5));
      }
    }

    /** Of that RMS in all, a millimetre a degree. */
    private Se3 noise(double degrees) {
      double[] twist = new double[6];
      for (int k = 0; k < 3; k++) {
        twist[k] = 0.001 * degrees * random.nextGaussian() / Math.sqrt(3);
        twist[3 + k] = Math.toRadians(degrees) * random.nextGaussian() / Math.sqrt(3);
      }
      return Se3.exp(twist);
    }
  }

  @Test
  void whatBothRunsHaveInCommonIsTheTruthsOwnError() {
    Runs runs = new Runs(0.01, 0.03, 0.05);

    ErrorShares shares = ErrorShares.of(runs.own, 1, runs.other, 2);

    assertThat(shares.steps()).isEqualTo(STEPS);
    assertThat(shares.own().rotationDeg()).isCloseTo(0.01, within(0.002));
    assertThat(shares.other().rotationDeg()).isCloseTo(0.03, within(0.002));
    assertThat(shares.common().rotationDeg()).isCloseTo(0.05, within(0.002));
    assertThat(shares.common().translationM()).isCloseTo(0.05e-3, within(0.01e-3));
  }

  @Test
  void anExactTruthHasNoError() {
    Runs runs = new Runs(0.04, 0.03, 0);

    ErrorShares shares = ErrorShares.of(runs.own, 1, runs.other, 2);

    assertThat(shares.common().rotationDeg()).isLessThan(0.006);
    assertThat(shares.own().rotationDeg()).isCloseTo(0.04, within(0.002));
  }

  @Test
  void stepsThatOneOfThemLacksAreLeftOut() {
    Runs runs = new Runs(0.01, 0.03, 0.05);
    List<PosePair> late = runs.other.subList(1000, STEPS + 1);
    List<PosePair> broken = new ArrayList<>(runs.own);
    broken.remove(2000);

    assertThat(ErrorShares.of(broken, 1, late, 2).steps()).isEqualTo(STEPS - 1000 - 2);
    assertThat(ErrorShares.of(broken, 1, List.of(), 2).common().rotationDeg()).isNaN();
  }
}
