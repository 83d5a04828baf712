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
    byte[] data) {

  /**
   * @throws MessageFormatException if the message is cut short
   */
  public static RosImage read(ByteBuffer message, String topic) throws MessageFormatException {
    Ros1Input in = new Ros1Input(message, topic, Ros1Type.IMAGE.typeName());
    return new RosImage(
        RosHeader.read(in),
        in.size("height"),
        in.size("width"),
        in.text("encoding"),
        in.u8("is_bigendian") != 0,
        in.u32("step"),
        in.bytes("data"));
  }

  public byte[] toBytes() {
    Ros1Output out = new Ros1Output(data.length + 128);
    header.write(out);
    return out.u32(height)
        .u32(width)
        .text(encoding)
        .u8(bigEndian ? 1 : 0)
        .u32(step)
        .bytes(data)
        .toBytes();
  }
}
