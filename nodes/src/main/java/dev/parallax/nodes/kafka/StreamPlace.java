package dev.parallax.nodes.kafka;

import dev.parallax.perception.frame.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;

/** A place in a topic. */
public sealed interface StreamPlace {
  /** The record with this offset in its partition. */
  record AtOffset(long offset) implements StreamPlace {}

  /** The first record that was captured then or later. */
  record AtTime(Timestamp stamp) implements StreamPlace {}

  /**
   * Reads {@code @OFFSET}, seconds since the epoch, or {@code 2026-01-31T12:00:00Z}.
   *
   * @throws IllegalArgumentException in one line if it is none of these
   */
  static StreamPlace parse(String text) {
    try {
      if (text.startsWith("@")) {
        return new AtOffset(Long.parseLong(text.substring(1)));
      }
      if (text.endsWith("Z")) {
        Instant instant = Instant.parse(text);
        return new AtTime(
            new Timestamp(
                Math.addExact(
                    Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L),
                    instant.getNano())));
      }
      return new AtTime(Timestamp.parseSeconds(text));
    } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
      throw new IllegalArgumentException(
          "a place in a topic is @OFFSET, seconds, or 2026-01-31T12:00:00Z, got " + text, e);
    }
  }
}
