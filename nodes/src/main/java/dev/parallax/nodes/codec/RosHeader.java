package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;

/**
 * {@code std_msgs/Header}.
 *
 * @param seq counts a ROS 1 publisher's messages; ROS 2 has none and reads 0
 */
public record RosHeader(long seq, Timestamp stamp, String frameId) {
  /**
   * The header that a message of any stamped type starts with.
   *
   * @param type message type, for error messages
   * @throws MessageFormatException if the message ends within it
   */
  public static RosHeader peek(ByteBuffer message, String topic, String type)
      throws MessageFormatException {
    return new Ros1Input(message, topic, type).header();
  }
}
