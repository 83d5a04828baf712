package dev.parallax.nodes.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.proto.foxglove.CameraCalibration;
import dev.parallax.proto.foxglove.CompressedImage;
import dev.parallax.proto.foxglove.PoseInFrame;
import dev.parallax.proto.foxglove.Quaternion;
import dev.parallax.proto.foxglove.RawImage;
import dev.parallax.proto.foxglove.Vector3;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Foxglove's Protobuf messages as the ROS messages that mean the same. Encodings, formats and
 * calibrations are those of ROS by Foxglove's own definition.
 */
final class FoxgloveMessages {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final String topic;
  private final String type;

  /**
   * @param topic for error messages
   * @param type message type, for error messages
   */
  FoxgloveMessages(String topic, String type) {
    this.topic = topic;
    this.type = type;
  }

  /** The ROS type that means the same; null if there is none. */
  static @Nullable Ros1Type rosTypeOf(String type) {
    return switch (type) {
      case "foxglove.RawImage" -> Ros1Type.IMAGE;
      case "foxglove.CompressedImage" -> Ros1Type.COMPRESSED_IMAGE;
      case "foxglove.CameraCalibration" -> Ros1Type.CAMERA_INFO;
      case "foxglove.PoseInFrame" -> Ros1Type.POSE_STAMPED;
      default -> null;
    };
  }

  RosImage image(ByteBuffer message) throws MessageFormatException {
    RawImage image = parse(RawImage::parseFrom, message);
    return new RosImage(
        header(image.getTimestamp(), image.getFrameId()),
        size(image.getHeight(), "height"),
        size(image.getWidth(), "width"),
        image.getEncoding(),
        false,
        Integer.toUnsignedLong(image.getStep()),
        image.getData().toByteArray());
  }

  RosCompressedImage compressedImage(ByteBuffer message) throws MessageFormatException {
    CompressedImage image = parse(CompressedImage::parseFrom, message);
    return new RosCompressedImage(
        header(image.getTimestamp(), image.getFrameId()),
        image.getFormat(),
        image.getData().toByteArray());
  }

  RosCameraInfo cameraInfo(ByteBuffer message) throws MessageFormatException {
    CameraCalibration info = parse(CameraCalibration::parseFrom, message);
    return new RosCameraInfo(
        header(info.getTimestamp(), info.getFrameId()),
        size(info.getHeight(), "height"),
        size(info.getWidth(), "width"),
        info.getDistortionModel(),
        info.getDList().stream().mapToDouble(Double::doubleValue).toArray(),
        matrix(info.getKList(), 9, "K"),
        matrix(info.getRList(), 9, "R"),
        matrix(info.getPList(), 12, "P"),
        0,
        0,
        RosCameraInfo.Roi.whole());
  }

  RosPoseStamped pose(ByteBuffer message) throws MessageFormatException {
    PoseInFrame pose = parse(PoseInFrame::parseFrom, message);
    Vector3 p = pose.getPose().getPosition();
    Quaternion q = pose.getPose().getOrientation();
    double norm =
        q.getX() * q.getX() + q.getY() * q.getY() + q.getZ() * q.getZ() + q.getW() * q.getW();
    if (!(norm > 0)
        || Double.isInfinite(norm)
        || !Double.isFinite(p.getX() + p.getY() + p.getZ())) {
      throw refuse("field pose is no finite position and rotation");
    }
    return new RosPoseStamped(
        header(pose.getTimestamp(), pose.getFrameId()),
        Se3.ofQuaternion(q.getX(), q.getY(), q.getZ(), q.getW(), p.getX(), p.getY(), p.getZ()));
  }

  private interface Parser<M> {
    M parse(ByteBuffer message) throws InvalidProtocolBufferException;
  }

  private <M> M parse(Parser<M> parser, ByteBuffer message) throws MessageFormatException {
    try {
      return parser.parse(message.duplicate());
    } catch (InvalidProtocolBufferException e) {
      throw new MessageFormatException(
          "topic %s: %s is damaged: %s; record the topic again or skip it"
              .formatted(topic, type, e.getMessage()),
          e);
    }
  }

  private RosHeader header(com.google.protobuf.Timestamp stamp, String frameId)
      throws MessageFormatException {
    try {
      long nanos =
          Math.addExact(Math.multiplyExact(stamp.getSeconds(), NANOS_PER_SECOND), stamp.getNanos());
      return new RosHeader(0, new Timestamp(nanos), frameId);
    } catch (ArithmeticException e) {
      throw refuse("field timestamp is beyond the year 2262");
    }
  }

  private int size(int value, String field) throws MessageFormatException {
    if (value < 0) { // a fixed32 beyond 2^31
      throw refuse("field %s is %d".formatted(field, Integer.toUnsignedLong(value)));
    }
    return value;
  }

  /** A matrix that nobody filled in is all zero, as ROS has it. */
  private double[] matrix(List<Double> values, int length, String field)
      throws MessageFormatException {
    if (!values.isEmpty() && values.size() != length) {
      throw refuse("field %s has %d numbers, not %d".formatted(field, values.size(), length));
    }
    double[] matrix = new double[length];
    for (int i = 0; i < values.size(); i++) {
      matrix[i] = values.get(i);
    }
    return matrix;
  }

  private MessageFormatException refuse(String problem) {
    return new MessageFormatException("topic %s: %s %s".formatted(topic, type, problem));
  }
}
