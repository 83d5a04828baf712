package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;

/** {@code std_msgs/Header}. */
public record RosHeader(long seq, Timestamp stamp, String frameId) {
  static RosHeader read(Ros1Input in) throws MessageFormatException {
    return new RosHeader(in.u32("header.seq"), in.time("header.stamp"), in.text("header.frame_id"));
  }

  void write(Ros1Output out) {
    out.u32(seq).time(stamp).text(frameId);
  }
}
