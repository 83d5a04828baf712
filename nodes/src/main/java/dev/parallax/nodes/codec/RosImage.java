package dev.parallax.nodes.codec;

import java.nio.ByteBuffer;

/**
 * {@code sensor_msgs/Image}: an uncompressed picture.
 *
 * @param bigEndian whether samples of more than a byte have their high byte first
 * @param step bytes from one row to the next
 * @param data not copied
 */
public record RosImage(
    RosHeader header,
    int height,
    int width,
    String encoding,
    boolean bigEndian,
    long step,
    byte[] data)
    implements RosMessage {

  /**
   * @throws MessageFormatException if the message is cut short
   */
  public static RosImage read(ByteBuffer message, String topic) throws MessageFormatException {
    return read(new Ros1Input(message, topic, Ros1Type.IMAGE.typeName()));
  }

  /** The same from either wire form. */
  public static RosImage read(WireInput in) throws MessageFormatException {
    return new RosImage(
        in.header(),
        in.size("height"),
        in.size("width"),
        in.text("encoding"),
        in.u8("is_bigendian") != 0,
        in.u32("step"),
        in.bytes("data"));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.IMAGE;
  }

  @Override
  public int expectedBytes() {
    return data.length + 64 + header.frameId().length() + encoding.length();
  }

  @Override
  public void write(WireOutput out) {
    out.header(header)
        .u32(height)
        .u32(width)
        .text(encoding)
        .u8(bigEndian ? 1 : 0)
        .u32(step)
        .bytes(data);
  }
}
