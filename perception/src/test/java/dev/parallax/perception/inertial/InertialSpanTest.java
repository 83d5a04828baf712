package dev.parallax.perception.inertial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InertialSpanTest {
  /** Readings every so many milliseconds, the rate about x rising by 1 rad/s a second. */
  private static InertialSamples samples(long... millis) {
    long[] nanos = new long[millis.length];
    double[] gyro = new double[3 * millis.length];
    for (int i = 0; i < millis.length; i++) {
      nanos[i] = millis[i] * 1_000_000;
      gyro[3 * i] = millis[i] / 1e3;
    }
    return new InertialSamples(nanos, gyro, gyro.clone(), null);
  }

  private static Timestamp ms(double millis) {
    return new Timestamp(Math.round(millis * 1e6));
  }

  @Test
  void readingsAreTakenBetweenTheTwoAroundAnEnd() {
    InertialSpan span =
        InertialSpan.between(samples(0, 10, 20, 30, 40), ms(13), ms(34)).orElseThrow();

    assertThat(span.nanos()).containsExactly(13_000_000, 20_000_000, 30_000_000, 34_000_000);
    assertThat(span.gyroRadps()[0]).isCloseTo(0.013, within(1e-12));
    assertThat(span.gyroRadps()[9]).isCloseTo(0.034, within(1e-12));
    assertThat(span.seconds()).isCloseTo(0.021, within(1e-12));
    double turned = (0.034 * 0.034 - 0.013 * 0.013) / 2;
    assertThat(span.R_begin_end(new double[3]).rotationVector()[0]).isCloseTo(turned, within(1e-9));
    assertThat(span.meanAccelMps2()[0]).isCloseTo(0.0235, within(1e-12));
  }

  @Test
  void anIntervalWithoutAReadingLiesBetweenTwo() {
    InertialSpan span = InertialSpan.between(samples(0, 50), ms(10), ms(20)).orElseThrow();

    assertThat(span.gyroRadps())
        .containsExactly(new double[] {0.01, 0, 0, 0.02, 0, 0}, within(1e-12));
  }

  @Test
  void aLiveSensorsLastReadingIsCarriedOnForAMoment() {
    InertialSpan span = InertialSpan.between(samples(0, 10, 20), ms(5), ms(40)).orElseThrow();

    assertThat(span.gyroRadps()[span.gyroRadps().length - 3]).isEqualTo(0.02);
    assertThat(InertialSpan.between(samples(0, 10, 20), ms(5), ms(60))).isEmpty();
  }

  @Test
  void aGapOrAnIntervalThatIsNotCoveredTellsNothing() {
    Optional<InertialSpan> gap = InertialSpan.between(samples(0, 10, 150, 160), ms(5), ms(155));
    assertThat(gap).isEmpty();
    assertThat(InertialSpan.between(samples(100, 110, 120), ms(40), ms(115))).isEmpty();
    assertThat(InertialSpan.between(samples(), ms(40), ms(115))).isEmpty();
    assertThat(InertialSpan.between(samples(0, 10), ms(10), ms(10))).isEmpty();
  }
}
