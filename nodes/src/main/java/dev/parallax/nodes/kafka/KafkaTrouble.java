package dev.parallax.nodes.kafka;

import org.jspecify.annotations.Nullable;

/**
 * Something about Kafka that the person at the keyboard can mend; the message is one line that
 * names the broker or topic, what is wrong, and the remedy.
 */
public final class KafkaTrouble extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public KafkaTrouble(String message) {
    super(message);
  }

  public KafkaTrouble(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
