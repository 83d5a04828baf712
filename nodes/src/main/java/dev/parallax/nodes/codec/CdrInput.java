package dev.parallax.nodes.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A ROS 2 message in CDR as rmw stores it: a representation of four bytes, then the fields, each
 * aligned to its own size counted from there (OMG CORBA 3.4, 9.3; DDS-XTypes 1.3, 7.4.3, which
 * aligns to at most 4 in its second version). Strings count their final zero.
 */
public final class CdrInput extends WireInput {
  private static final int REPRESENTATION_BYTES = 4;

  private final int maxAlignment;

  private CdrInput(ByteBuffer fields, int maxAlignment, String topic, String type) {
    super(fields, topic, type);
    this.maxAlignment = maxAlignment;
  }

  /**
   * @param message from its position to its limit; neither is changed
   * @param topic for error messages
   * @param type message type, for error messages
   * @throws MessageFormatException if the representation is none that ROS 2 writes
   */
  public static CdrInput of(ByteBuffer message, String topic, String type)
      throws MessageFormatException {
    if (message.remaining() < REPRESENTATION_BYTES) {
      throw new MessageFormatException(
          "topic %s: %s of %d bytes is cut short; a CDR message has at least 4"
              .formatted(topic, type, message.remaining()));
    }
    ByteBuffer whole = message.slice().order(ByteOrder.BIG_ENDIAN);
    int representation = whole.getShort(0);
    // Plain CDR, version 1 (0, 1) and 2 (6, 7); the odd ones are little-endian.
    if (representation != 0 && representation != 1 && representation != 6 && representation != 7) {
      throw new MessageFormatException(
          "topic %s: %s has CDR representation %d; understood is plain CDR (0, 1, 6, 7)"
              .formatted(topic, type, representation));
    }
    ByteOrder order = representation % 2 == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    ByteBuffer fields =
        whole.slice(REPRESENTATION_BYTES, whole.remaining() - REPRESENTATION_BYTES).order(order);
    return new CdrInput(fields, representation >= 6 ? 4 : 8, topic, type);
  }

  @Override
  RosHeader header() throws MessageFormatException {
    return new RosHeader(0, time("header.stamp"), text("header.frame_id"));
  }

  @Override
  public String text(String field) throws MessageFormatException {
    int length = count(1, field);
    if (length == 0) {
      return ""; // some writers leave out even the final zero
    }
    String text = utf8(length - 1, field);
    skip(1, field);
    return text;
  }

  @Override
  void align(int bytes, String field) throws MessageFormatException {
    int alignment = Math.min(bytes, maxAlignment);
    skip(Math.floorMod(-position(), alignment), field);
  }
}
