package dev.parallax.nodes.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecimalsTest {
  private static String fixed(double value, int digits) {
    return Decimals.appendFixed(new StringBuilder(), value, digits).toString();
  }

  private static String scientific(double value) {
    return Decimals.appendScientific(new StringBuilder(), value).toString();
  }

  @Test
  void fixedTextIsThatOfTheFormatter() {
    double[] values = {
      0,
      -0.0,
      1,
      -1,
      0.5,
      123.456789012,
      -0.000000001,
      9.9999999996,
      1e7,
      1e12,
      -3e20,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY
    };
    for (double value : values) {
      assertThat(fixed(value, 9)).isEqualTo(String.format(Locale.ROOT, "%.9f", value));
      assertThat(fixed(value, 3)).isEqualTo(String.format(Locale.ROOT, "%.3f", value));
    }
    assertThat(fixed(41.7, 0)).isEqualTo("42");
  }

  @Test
  void scientificTextIsThatOfTheFormatter() {
    double[] values = {
      0,
      -0.0,
      1,
      -1,
      0.99999999999,
      9.9999999999e-5,
      1e-9,
      1e18,
      1e-18,
      -2.5e-12,
      3e-30,
      7e250,
      Double.NaN,
      Double.POSITIVE_INFINITY
    };
    for (double value : values) {
      assertThat(scientific(value)).isEqualTo(String.format(Locale.ROOT, "%.9e", value));
    }
  }

  @Test
  void randomNumbersComeBackAsTheyWere() {
    Random random = new Random(8);
    for (int i = 0; i < 20_000; i++) {
      double value = random.nextGaussian() * Math.pow(10, random.nextInt(24) - 15);
      assertThat(Double.parseDouble(fixed(value, 6))).isCloseTo(value, within(6e-7, value));
      assertThat(Double.parseDouble(scientific(value))).isCloseTo(value, within(0, value));
    }
  }

  private static org.assertj.core.data.Offset<Double> within(double absolute, double value) {
    return org.assertj.core.data.Offset.offset(absolute + 1e-9 * Math.abs(value));
  }
}
