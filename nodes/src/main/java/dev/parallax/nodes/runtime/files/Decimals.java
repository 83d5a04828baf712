package dev.parallax.nodes.runtime.files;

import java.util.Locale;

/**
 * Numbers as decimal text, as {@link String#format} writes them: every frame writes some fifty, and
 * its formatter costs a short replay half a second of compiling. Where the last digit is a tie, it
 * may differ.
 */
final class Decimals {
  private static final long[] POWERS = new long[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = 10 * POWERS[i - 1];
    }
  }

  /** Above this not every whole number is a double. */
  private static final double MAX_EXACT = 1L << 53;

  private static final int EXPONENT_DIGITS = 9;
  private static final double LEAST = 1e-18;
  private static final double MOST = 1e18;

  private Decimals() {}

  /** As {@code %.<digits>f}. */
  static StringBuilder appendFixed(StringBuilder text, double value, int digits) {
    double scaled = Math.abs(value) * POWERS[digits];
    if (!(scaled < MAX_EXACT)) {
      return text.append(String.format(Locale.ROOT, "%." + digits + "f", value));
    }
    long units = Math.round(scaled);
    if (value < 0 || 1 / value < 0) {
      text.append('-');
    }
    text.append(units / POWERS[digits]);
    return digits == 0 ? text : appendPadded(text.append('.'), units % POWERS[digits], digits);
  }

  /** As {@code %.9e}. */
  static StringBuilder appendScientific(StringBuilder text, double value) {
    boolean inReach = Math.abs(value) >= LEAST && Math.abs(value) <= MOST;
    if (!inReach) {
      return text.append(String.format(Locale.ROOT, "%.9e", value));
    }
    int exponent = (int) Math.floor(Math.log10(Math.abs(value)));
    int shift = EXPONENT_DIGITS - exponent;
    double scaled =
        shift >= 0
            ? Math.abs(value) * POWERS[Math.min(shift, 18)] * POWERS[Math.max(shift - 18, 0)]
            : Math.abs(value) / POWERS[-shift];
    long units = Math.round(scaled);
    if (units >= POWERS[EXPONENT_DIGITS + 1]) {
      units /= 10;
      exponent++;
    }
    text.append(value < 0 ? "-" : "").append(units / POWERS[EXPONENT_DIGITS]).append('.');
    appendPadded(text, units % POWERS[EXPONENT_DIGITS], EXPONENT_DIGITS);
    return appendPadded(text.append(exponent < 0 ? "e-" : "e+"), Math.abs(exponent), 2);
  }

  private static StringBuilder appendPadded(StringBuilder text, long units, int digits) {
    for (int i = digits - 1; i > 0 && units < POWERS[i]; i--) {
      text.append('0');
    }
    return text.append(units);
  }
}
