package dev.parallax.nodes.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A ROS 1 message: little-endian, unpadded, strings and arrays preceded by a u32 count. */
public final class Ros1Input extends WireInput {
  /**
   * @param data the message from its position to its limit; neither is changed
   * @param topic for error messages
   * @param type message type, for error messages
   */
  public Ros1Input(ByteBuffer data, String topic, String type) {
    super(data.slice().order(ByteOrder.LITTLE_ENDIAN), topic, type); // slice() forgets the order
  }

  @Override
  RosHeader header() throws MessageFormatException {
    return new RosHeader(u32("header.seq"), time("header.stamp"), text("header.frame_id"));
  }

  @Override
  public String text(String field) throws MessageFormatException {
    return utf8(count(1, field), field);
  }

  @Override
  void align(int bytes, String field) {
    // ROS 1 packs its fields.
  }
}
