package dev.parallax.nodes.ros;

import dev.parallax.nodes.codec.RosMessage;
import java.nio.ByteBuffer;

/** A topic that is published. Any thread. */
public interface RosPublisher extends AutoCloseable {
  /** The topic's absolute name. */
  String topic();

  /**
   * Sends a message to every subscriber; never waits for one.
   *
   * @param message serialised, from its position to its limit; not copied, so not to be written to
   *     again
   */
  void publish(ByteBuffer message);

  /** How many listen now. */
  int subscribers();

  /** Messages that slow subscribers did not get. */
  long dropped();

  @Override
  void close();

  /** Serialises and sends; a topic that nobody hears and that is not latched costs nothing. */
  default void publish(RosMessage message) {
    if (isHeard()) {
      publish(message.toBuffer());
    }
  }

  /** Whether it is worth making a message: somebody listens, or may later. */
  boolean isHeard();
}
