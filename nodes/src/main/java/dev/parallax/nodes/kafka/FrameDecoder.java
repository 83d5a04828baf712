package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoPictures;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Picture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Makes frames of records. Thread-safe. */
final class FrameDecoder {
  private final CalibrationTable calibrations;
  private final @Nullable SensorDepths depths;
  private final ProtoPictures pictures = new ProtoPictures();

  /**
   * @param depths null where frames are wanted without the depth of the camera's own sensor
   */
  FrameDecoder(CalibrationTable calibrations, @Nullable SensorDepths depths) {
    this.calibrations = calibrations;
    this.depths = depths;
  }

  /**
   * @throws FrameHeaders.Unusable if the record holds no picture, its calibration is missing or is
   *     for pictures of another size, or the depth that it names is not there
   */
  CameraFrame decode(ConsumerRecord<String, byte[]> frame, FrameHeaders headers, FrameId id)
      throws FrameHeaders.Unusable {
    ProtoPictures.Stamped decoded;
    try {
      byte[] value = frame.value() == null ? new byte[0] : frame.value();
      boolean compressed = ProtoPictures.isCompressed(headers.encoding());
      decoded = pictures.decode(value, compressed, frame.topic());
    } catch (MessageFormatException e) {
      throw new FrameHeaders.Unusable(DeadLetter.Reason.GARBAGE, String.valueOf(e.getMessage()));
    }
    CameraCalibration calibration =
        calibrations
            .find(headers.calibration())
            .orElseThrow(
                () ->
                    new FrameHeaders.Unusable(
                        DeadLetter.Reason.CALIBRATION_MISSING,
                        "calibration %s is not on topic %s; publish it before the first frame"
                            .formatted(headers.calibration(), Topics.cameraInfo(frame.topic()))));
    Picture picture = decoded.picture();
    if (picture.width() != calibration.model().width()
        || picture.height() != calibration.model().height()) {
      throw new FrameHeaders.Unusable(
          DeadLetter.Reason.PICTURE_SIZE,
          "picture is %dx%d but calibration %s is for %dx%d; publish the right one"
              .formatted(
                  picture.width(),
                  picture.height(),
                  headers.calibration(),
                  calibration.model().width(),
                  calibration.model().height()));
    }
    return new CameraFrame(
        id, decoded.stamp(), calibration, picture, sensorDepth(headers, id.camera().name()));
  }

  private @Nullable DepthMap sensorDepth(FrameHeaders headers, String camera)
      throws FrameHeaders.Unusable {
    return depths == null || headers.depth() == null ? null : depths.read(headers.depth(), camera);
  }
}
