package dev.parallax.perception.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampTest {
  @ParameterizedTest
  @CsvSource({
    "1305031102.175304001, 1305031102175304001",
    "1.044989e-01, 104498900",
    "-0.5, -500000000",
    "0, 0",
    "0.0000000005, 1",
    "9223372036.854775807, 9223372036854775807"
  })
  void readsDecimalSecondsWithoutLoss(String seconds, long nanos) {
    assertThat(Timestamp.parseSeconds(seconds)).isEqualTo(new Timestamp(nanos));
  }

  @Test
  void writesNineDigitsThatReadBackTheSame() {
    Timestamp stamp = new Timestamp(1305031102175304001L);

    assertThat(stamp).hasToString("1305031102.175304001");
    assertThat(Timestamp.parseSeconds(stamp.toString())).isEqualTo(stamp);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999999999", "1e-999999999", "9223372036.9", "99999999999"})
  void refusesNumbersThatAreNoTime(String seconds) {
    assertThatThrownBy(() -> Timestamp.parseSeconds(seconds))
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nan", "1.2.3"})
  void refusesTextThatIsNoNumber(String seconds) {
    assertThatThrownBy(() -> Timestamp.parseSeconds(seconds))
        .isInstanceOf(NumberFormatException.class);
  }
}
