package dev.parallax.perception.odometry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import org.junit.jupiter.api.Test;

class SightTest {
  private static final double INTERVAL_S = 0.05;

  private static Sight ofASteadyCamera() {
    Sight sight = new Sight();
    for (int i = 0; i < 10; i++) {
      sight.next(INTERVAL_S, false);
    }
    return sight;
  }

  @Test
  void oneOrTwoPicturesMissingAreNoGapAndTenAre() {
    Sight sight = ofASteadyCamera();

    sight.next(3 * INTERVAL_S, false);
    assertThat(sight.isAfterGap()).isFalse();
    sight.next(11 * INTERVAL_S, false);
    assertThat(sight.isAfterGap()).isTrue();
    sight.next(INTERVAL_S, false);
    assertThat(sight.isAfterGap()).isFalse();
    sight.next(11 * INTERVAL_S, true); // a gyroscope tells the turn
    assertThat(sight.isAfterGap()).isFalse();
  }

  @Test
  void aCameraThatIsSlowFromTheStartHasNoGaps() {
    Sight sight = new Sight();
    for (int i = 0; i < 10; i++) {
      sight.next(1, false);
      assertThat(sight.isAfterGap()).isFalse();
    }
  }

  @Test
  void afterAGapMoreMustBeKnownAgainAndBeforeThereIsDepthMoreStill() {
    Sight sight = ofASteadyCamera();
    sight.next(INTERVAL_S, false);
    assertThat(sight.suffices(0.1, true)).isTrue();
    assertThat(sight.worth()).isLessThan(0.5);

    sight.next(11 * INTERVAL_S, false);

    assertThat(sight.suffices(0.1, true)).isFalse();
    assertThat(sight.suffices(0.4, true)).isTrue();
    assertThat(sight.suffices(0.4, false)).isFalse();
    assertThat(sight.suffices(0.9, false)).isTrue();
    assertThat(sight.worth()).isEqualTo(1);
  }

  @Test
  void whatMayHaveHappenedUnseenGrowsWithTheTimeAndWithHowFastTheCameraTurnedOfLate() {
    Sight slow = ofASteadyCamera();
    Sight fast = ofASteadyCamera();
    Timestamp stamp = new Timestamp(1_000_000_000L);
    slow.is(stamp);
    fast.seen(stamp, Se3.exp(new double[] {0, 0, 0, 0, 0.1, 0}), INTERVAL_S); // 2 rad/s

    double unseenS = slow.unseenS(new Timestamp(1_300_000_000L));

    assertThat(unseenS).isCloseTo(0.3, within(1e-9));
    assertThat(slow.unseen().turnStdRad(0.6)).isEqualTo(2 * slow.unseen().turnStdRad(0.3));
    assertThat(fast.unseen().turnStdRad(unseenS))
        .isGreaterThan(0.6)
        .isGreaterThan(3 * slow.unseen().turnStdRad(unseenS));
    assertThat(fast.unseen().turnStdRad(1000)).isLessThan(Math.PI);
    assertThat(slow.unseen().wayStd(0.3, 4)).isEqualTo(2 * slow.unseen().wayStd(0.3, 2));
  }
}
