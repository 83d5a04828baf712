package dev.parallax.nodes.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.CameraModels;
import dev.parallax.perception.geometry.DistortedCamera;
import dev.parallax.perception.geometry.EquidistantCamera;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.proto.foxglove.CameraCalibration;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Camera models to and from {@code foxglove.CameraCalibration}. Stateless. */
public final class ProtoCalibration {
  private static final int HASH_BYTES = 8;

  /** What Foxglove calls the equidistant model. */
  private static final String KANNALA_BRANDT = "kannala_brandt";

  private ProtoCalibration() {}

  /**
   * Names a camera's numbers: 16 hexadecimal digits, equal for equal models only (but for one
   * chance in 2^64).
   */
  public static String hash(CameraModel model) {
    byte[] text = CalibrationYaml.text("", model).getBytes(StandardCharsets.UTF_8);
    return shortHash(text);
  }

  /** The first 64 bits of SHA-256 in hexadecimal. */
  public static String shortHash(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  public static byte[] encode(CameraModel model, Timestamp stamp, String frameId) {
    return message(model, stamp, frameId).toByteArray();
  }

  /**
   * @throws MessageFormatException if the bytes are no calibration or its numbers no camera
   */
  public static CameraModel decode(byte[] message, String topic) throws MessageFormatException {
    try {
      return model(CameraCalibration.parseFrom(message), topic);
    } catch (InvalidProtocolBufferException e) {
      throw new MessageFormatException(
          "topic %s: not a foxglove.CameraCalibration (%s); check the publisher"
              .formatted(topic, e.getMessage()),
          e);
    }
  }

  static CameraCalibration message(CameraModel model, Timestamp stamp, String frameId) {
    boolean distorted = model instanceof DistortedCamera;
    PinholeCamera k = distorted ? ((DistortedCamera) model).intrinsics() : model.rectified();
    PinholeCamera p = model.rectified();
    CameraCalibration.Builder message =
        CameraCalibration.newBuilder()
            .setTimestamp(ProtoTimes.message(stamp))
            .setFrameId(frameId)
            .setWidth(model.width())
            .setHeight(model.height())
            .setDistortionModel(distorted ? model.name() : "plumb_bob")
            .addAllK(List.of(k.fx(), 0.0, k.cx(), 0.0, k.fy(), k.cy(), 0.0, 0.0, 1.0))
            .addAllR(List.of(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0))
            .addAllP(
                List.of(p.fx(), 0.0, p.cx(), 0.0, 0.0, p.fy(), p.cy(), 0.0, 0.0, 0.0, 1.0, 0.0));
    double[] d = distorted ? ((DistortedCamera) model).coefficients() : new double[5];
    for (double coefficient : d) {
      message.addD(coefficient);
    }
    return message.build();
  }

  static CameraModel model(CameraCalibration message, String topic) throws MessageFormatException {
    String name = message.getDistortionModel();
    try {
      return CameraModels.fromRos(
          name.equals(KANNALA_BRANDT) ? EquidistantCamera.NAME : name,
          message.getWidth(),
          message.getHeight(),
          message.getKList().stream().mapToDouble(Double::doubleValue).toArray(),
          message.getDList().stream().mapToDouble(Double::doubleValue).toArray());
    } catch (IllegalArgumentException e) {
      throw new MessageFormatException(
          "topic %s: calibration of %s: %s".formatted(topic, message.getFrameId(), e.getMessage()),
          e);
    }
  }
}
