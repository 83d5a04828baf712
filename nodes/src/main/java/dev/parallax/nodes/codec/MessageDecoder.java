package dev.parallax.nodes.codec;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes recorded messages whatever their serialisation: ROS 1, ROS 2 (CDR) or Foxglove's
 * Protobuf. Every method throws a {@link MessageFormatException} that names topic and field if the
 * message is damaged or of another type. Stateless.
 *
 * @param encoding {@code ros1}, {@code cdr} or {@code protobuf}
 * @param type as the recording names it: {@code sensor_msgs/Image}, {@code sensor_msgs/msg/Image},
 *     {@code foxglove.RawImage}
 * @param topic for error messages
 */
public record MessageDecoder(String encoding, String type, String topic) {
  /** The encoding of ROS 1 messages, as MCAP names it. */
  public static final String ROS1 = "ros1";

  /** The encoding of ROS 2 messages. */
  public static final String CDR = "cdr";

  /** The encoding of Protobuf messages. */
  public static final String PROTOBUF = "protobuf";

  /** What the messages are in the words of ROS 1; null if they are none of those known here. */
  public @Nullable Ros1Type rosType() {
    return switch (encoding) {
      case ROS1 -> Ros1Type.of(type);
      case CDR -> Ros1Type.of(type.replace("/msg/", "/"));
      case PROTOBUF -> FoxgloveMessages.rosTypeOf(type);
      default -> null;
    };
  }

  /** The header that a stamped message starts with. */
  public RosHeader header(ByteBuffer message) throws MessageFormatException {
    if (encoding.equals(PROTOBUF)) {
      return protobufHeader(message);
    }
    return input(message).header();
  }

  public RosImage image(ByteBuffer message) throws MessageFormatException {
    return encoding.equals(PROTOBUF) ? foxglove().image(message) : RosImage.read(input(message));
  }

  public RosCompressedImage compressedImage(ByteBuffer message) throws MessageFormatException {
    return encoding.equals(PROTOBUF)
        ? foxglove().compressedImage(message)
        : RosCompressedImage.read(input(message));
  }

  public RosCameraInfo cameraInfo(ByteBuffer message) throws MessageFormatException {
    return encoding.equals(PROTOBUF)
        ? foxglove().cameraInfo(message)
        : RosCameraInfo.read(input(message));
  }

  public RosPoseStamped pose(ByteBuffer message) throws MessageFormatException {
    return encoding.equals(PROTOBUF)
        ? foxglove().pose(message)
        : RosPoseStamped.read(input(message));
  }

  public RosImu imu(ByteBuffer message) throws MessageFormatException {
    return RosImu.read(input(message));
  }

  public RosTransforms transforms(ByteBuffer message) throws MessageFormatException {
    return RosTransforms.read(input(message));
  }

  /** The speed in a message of one of {@link RosSpeed#TYPES}. */
  public RosSpeed speed(ByteBuffer message) throws MessageFormatException {
    Ros1Type kind = rosType();
    if (kind == null || encoding.equals(PROTOBUF) || !RosSpeed.TYPES.contains(kind)) {
      throw new MessageFormatException(
          "topic %s: %s in %s tells no speed that is understood here"
              .formatted(topic, type, encoding));
    }
    return RosSpeed.read(kind, input(message));
  }

  private RosHeader protobufHeader(ByteBuffer message) throws MessageFormatException {
    Ros1Type kind = rosType();
    if (kind == Ros1Type.IMAGE) {
      return image(message).header();
    }
    if (kind == Ros1Type.COMPRESSED_IMAGE) {
      return compressedImage(message).header();
    }
    if (kind == Ros1Type.CAMERA_INFO) {
      return cameraInfo(message).header();
    }
    return pose(message).header();
  }

  private FoxgloveMessages foxglove() {
    return new FoxgloveMessages(topic, type);
  }

  private WireInput input(ByteBuffer message) throws MessageFormatException {
    return switch (encoding) {
      case ROS1 -> new Ros1Input(message, topic, type);
      case CDR -> CdrInput.of(message, topic, type);
      default ->
          throw new MessageFormatException(
              "topic %s: messages in %s are not understood; understood are ros1, cdr and protobuf"
                  .formatted(topic, encoding));
    };
  }
}
