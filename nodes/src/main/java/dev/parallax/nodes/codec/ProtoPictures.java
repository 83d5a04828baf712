package dev.parallax.nodes.codec;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.proto.foxglove.CompressedImage;
import dev.parallax.proto.foxglove.RawImage;

/**
 * Pictures to and from {@code foxglove.CompressedImage} and {@code foxglove.RawImage}, decoded as
 * those of ROS are. Stateless and thread-safe.
 */
public final class ProtoPictures {
  private static final int MAX_EDGE_PIXELS = 1 << 15;

  private final RosPictures pictures = new RosPictures();
  private final RosDepth depths = new RosDepth();

  /** A picture and when it was taken. */
  public record Stamped(Timestamp stamp, String frameId, Picture picture) {}

  /** Whether a message with this {@code encoding} is a compressed one. */
  public static boolean isCompressed(String encoding) {
    return encoding.equals("jpeg") || encoding.equals("png");
  }

  /** The short name of what the bytes are: {@code jpeg} or {@code png}, else the format itself. */
  public static String encodingOf(EncodedPicture picture) {
    if (ImageFile.isJpeg(picture.data())) {
      return "jpeg";
    }
    return ImageFile.isPng(picture.data()) ? "png" : picture.format();
  }

  /** The file as it is. */
  public byte[] encode(EncodedPicture picture, Timestamp stamp, String frameId) {
    return CompressedImage.newBuilder()
        .setTimestamp(ProtoTimes.message(stamp))
        .setFrameId(frameId)
        .setFormat(picture.format())
        .setData(UnsafeByteOperations.unsafeWrap(picture.data()))
        .build()
        .toByteArray();
  }

  /** The pixels as they are. */
  public byte[] encode(Picture picture, Timestamp stamp, String frameId) {
    return raw(
        stamp,
        frameId,
        picture.width(),
        picture.height(),
        encodingOf(picture),
        picture.format().channels(),
        picture.data());
  }

  /** Depth of a camera's own sensor, metres as {@code 32FC1}, to the bit; its std is not sent. */
  public byte[] encode(DepthMap depth, Timestamp stamp, String frameId) {
    return raw(
        stamp,
        frameId,
        depth.width(),
        depth.height(),
        "32FC1",
        Float.BYTES,
        ProtoFloats.bytes(depth.depthM()));
  }

  /**
   * Depth of a camera's own sensor: {@code 32FC1} metres or {@code 16UC1} millimetres, of unknown
   * std.
   *
   * @param topic for error messages
   * @throws MessageFormatException if the bytes are no RawImage or hold no depth
   */
  public DepthMap sensorDepth(byte[] message, String topic) throws MessageFormatException {
    try {
      return depths.depth(
          image(RawImage.parseFrom(message), topic), RosDepth.ROS_UNITS_PER_M, topic);
    } catch (InvalidProtocolBufferException e) {
      throw new MessageFormatException(
          "topic %s: not a foxglove.RawImage (%s); check the publisher"
              .formatted(topic, e.getMessage()),
          e);
    }
  }

  public static String encodingOf(Picture picture) {
    return picture.format() == Picture.Format.MONO8 ? "mono8" : "bgr8";
  }

  /**
   * @param compressed whether the bytes are a CompressedImage rather than a RawImage
   * @param topic for error messages
   * @throws MessageFormatException if the bytes are no such message or hold no picture
   */
  public Stamped decode(byte[] message, boolean compressed, String topic)
      throws MessageFormatException {
    try {
      return compressed
          ? decode(CompressedImage.parseFrom(message), topic)
          : decode(RawImage.parseFrom(message), topic);
    } catch (InvalidProtocolBufferException e) {
      throw new MessageFormatException(
          "topic %s: not a foxglove.%s (%s); check the publisher"
              .formatted(topic, compressed ? "CompressedImage" : "RawImage", e.getMessage()),
          e);
    } catch (ArithmeticException e) {
      throw new MessageFormatException(
          "topic %s: the picture's time does not fit in nanoseconds; check the publisher"
              .formatted(topic),
          e);
    }
  }

  private Stamped decode(CompressedImage message, String topic) throws MessageFormatException {
    RosHeader header = header(message.getTimestamp(), message.getFrameId());
    RosCompressedImage image =
        new RosCompressedImage(header, message.getFormat(), message.getData().toByteArray());
    return new Stamped(header.stamp(), header.frameId(), pictures.picture(image, topic));
  }

  private Stamped decode(RawImage message, String topic) throws MessageFormatException {
    RosImage image = image(message, topic);
    return new Stamped(
        image.header().stamp(), image.header().frameId(), pictures.picture(image, topic));
  }

  private static RosImage image(RawImage message, String topic) throws MessageFormatException {
    RosHeader header = header(message.getTimestamp(), message.getFrameId());
    if (message.getWidth() < 0
        || message.getHeight() < 0
        || message.getWidth() > MAX_EDGE_PIXELS
        || message.getHeight() > MAX_EDGE_PIXELS) {
      throw new MessageFormatException(
          "topic %s: a picture of %sx%s pixels is too large; check the publisher"
              .formatted(
                  topic,
                  Integer.toUnsignedString(message.getWidth()),
                  Integer.toUnsignedString(message.getHeight())));
    }
    return new RosImage(
        header,
        message.getHeight(),
        message.getWidth(),
        message.getEncoding(),
        false,
        Integer.toUnsignedLong(message.getStep()),
        message.getData().toByteArray());
  }

  private static RosHeader header(com.google.protobuf.Timestamp time, String frameId) {
    return new RosHeader(0, ProtoTimes.stamp(time), frameId);
  }

  /** Values on the grid of a picture. */
  static byte[] raw(
      Timestamp stamp,
      String frameId,
      int width,
      int height,
      String encoding,
      int bytesPerPixel,
      byte[] data) {
    ByteString rows = UnsafeByteOperations.unsafeWrap(data);
    return RawImage.newBuilder()
        .setTimestamp(ProtoTimes.message(stamp))
        .setFrameId(frameId)
        .setWidth(width)
        .setHeight(height)
        .setEncoding(encoding)
        .setStep(width * bytesPerPixel)
        .setData(rows)
        .build()
        .toByteArray();
  }
}
