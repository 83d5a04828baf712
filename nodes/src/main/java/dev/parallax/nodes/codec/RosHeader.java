package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;

/** {@code std_msgs/Header}. */
public record RosHeader(long seq, Timestamp stamp, String frameId) {
  /**
   * The header that a message of any stamped type starts with.
   *
   * @param type message type, for error messages
   * @throws MessageFormatException if the message ends within it
   */
  public static RosHeader peek(ByteBuffer message, String topic, String type)
      throws MessageFormatException {
    return read(new Ros1Input(message, topic, type));
  }

  static RosHeader read(Ros1Input in) throws MessageFormatException {
    return new RosHeader(in.u32("header.seq"), in.time("header.stamp"), in.text("header.frame_id"));
  }

  void write(Ros1Output out) {
    out.u32(seq).time(stamp).text(frameId);
  }
}
