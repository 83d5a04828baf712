package dev.parallax.perception.frame;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The time a picture was taken: nanoseconds since the recording's epoch (Unix epoch when live). */
public record Timestamp(long nanos) implements Comparable<Timestamp> {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int MAX_DIGITS = 10; // before the point, all that a long of nanoseconds has
  private static final int MAX_DECIMALS = 100;

  public static Timestamp ofSeconds(double seconds) {
    return new Timestamp(Math.round(seconds * NANOS_PER_SECOND));
  }

  /**
   * Parses decimal seconds, as in TUM files, to the nearest nanosecond.
   *
   * @throws NumberFormatException if the text is not a number
   * @throws ArithmeticException if the number is no time that fits
   */
  public static Timestamp parseSeconds(String seconds) {
    BigDecimal exact = new BigDecimal(seconds.trim());
    // Looked at before rounding, which would write an exponent like 1e999999999 out in full.
    if (exact.scale() > MAX_DECIMALS || exact.precision() - (long) exact.scale() > MAX_DIGITS) {
      throw new ArithmeticException("Not a time in seconds: " + seconds.trim());
    }
    return new Timestamp(
        exact.movePointRight(9).setScale(0, RoundingMode.HALF_UP).longValueExact());
  }

  public double seconds() {
    return nanos / NANOS_PER_SECOND;
  }

  /** Seconds from {@code earlier} to this; negative when this is the earlier one. */
  public double secondsSince(Timestamp earlier) {
    return (nanos - earlier.nanos) / NANOS_PER_SECOND;
  }

  public boolean isAfter(Timestamp other) {
    return nanos > other.nanos;
  }

  @Override
  public int compareTo(Timestamp other) {
    return Long.compare(nanos, other.nanos);
  }

  /** Decimal seconds with nine digits, exact: the form used in file names and TUM files. */
  @Override
  public String toString() {
    return BigDecimal.valueOf(nanos, 9).toPlainString();
  }
}
