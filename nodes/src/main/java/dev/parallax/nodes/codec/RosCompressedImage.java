package dev.parallax.nodes.codec;

import java.nio.ByteBuffer;

/**
 * {@code sensor_msgs/CompressedImage}.
 *
 * @param format as the publisher wrote it, e.g. {@code bgr8; jpeg compressed bgr8}
 * @param data not copied
 */
public record RosCompressedImage(RosHeader header, String format, byte[] data)
    implements RosMessage {

  /**
   * @throws MessageFormatException if the message is cut short
   */
  public static RosCompressedImage read(ByteBuffer message, String topic)
      throws MessageFormatException {
    return read(new Ros1Input(message, topic, Ros1Type.COMPRESSED_IMAGE.typeName()));
  }

  /** The same from either wire form. */
  public static RosCompressedImage read(WireInput in) throws MessageFormatException {
    return new RosCompressedImage(in.header(), in.text("format"), in.bytes("data"));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.COMPRESSED_IMAGE;
  }

  @Override
  public int expectedBytes() {
    return data.length + 64 + header.frameId().length() + format.length();
  }

  @Override
  public void write(WireOutput out) {
    out.header(header).text(format).bytes(data);
  }
}
