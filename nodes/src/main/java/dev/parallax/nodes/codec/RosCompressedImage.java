package dev.parallax.nodes.codec;

import java.nio.ByteBuffer;

/**
 * {@code sensor_msgs/CompressedImage}.
 *
 * @param format as the publisher wrote it, e.g. {@code bgr8; jpeg compressed bgr8}
 * @param data not copied
 */
public record RosCompressedImage(RosHeader header, String format, byte[] data) {

  /**
   * @throws MessageFormatException if the message is cut short
   */
  public static RosCompressedImage read(ByteBuffer message, String topic)
      throws MessageFormatException {
    Ros1Input in = new Ros1Input(message, topic, Ros1Type.COMPRESSED_IMAGE.typeName());
    return new RosCompressedImage(RosHeader.read(in), in.text("format"), in.bytes("data"));
  }

  public byte[] toBytes() {
    Ros1Output out = new Ros1Output(data.length + 128);
    header.write(out);
    return out.text(format).bytes(data).toBytes();
  }
}
