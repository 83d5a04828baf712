package dev.parallax.nodes.ros;

/**
 * How a topic is published.
 *
 * @param latched whether a subscriber that comes later gets the last message at once
 * @param queueLength messages that may wait for one slow subscriber before its oldest is dropped
 */
public record PublishOptions(boolean latched, int queueLength) {
  public PublishOptions {
    if (queueLength < 1) {
      throw new IllegalArgumentException("A queue holds at least one message, got " + queueLength);
    }
  }

  public static PublishOptions queue(int length) {
    return new PublishOptions(false, length);
  }

  /** Only the last message counts, also for those who come later. */
  public static PublishOptions latch() {
    return new PublishOptions(true, 1);
  }
}
