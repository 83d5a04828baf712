package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosCameraInfo;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.Picture;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The calibration of a bag's camera, from the CameraInfo beside its pictures. */
final class BagCalibration {
  private final Bag bag;
  private final BagImageTopic images;

  BagCalibration(Bag bag, BagImageTopic images) {
    this.bag = bag;
    this.images = images;
  }

  /**
   * The recorded calibration, or an assumed one where there is none.
   *
   * @param warnings told when it is assumed
   * @throws SourceException if there is a CameraInfo that cannot be used, or no picture at all
   */
  CameraCalibration find(Consumer<String> warnings) {
    String topic = images.namespace() + "/camera_info";
    BagMessage message = bag.first(topic);
    if (message == null || message.channel().decoder().rosType() != Ros1Type.CAMERA_INFO) {
      return assumed("no CameraInfo on " + topic, warnings);
    }
    try {
      RosCameraInfo info = message.channel().decoder().cameraInfo(message.data());
      if (info.isUncalibrated()) {
        return assumed(
            "the CameraInfo on %s says that the camera is not calibrated".formatted(topic),
            warnings);
      }
      return new CameraCalibration(
          info.model(images.isRectified()), CameraCalibration.Origin.GIVEN);
    } catch (MessageFormatException | IllegalArgumentException e) {
      throw new SourceException(
          "%s: CameraInfo on %s cannot be used: %s; give the calibration with --camera camera.yaml"
              .formatted(bag.path(), topic, e.getMessage()),
          e);
    }
  }

  private CameraCalibration assumed(String why, Consumer<String> warnings) {
    Picture picture = firstPicture();
    if (picture == null) {
      throw new SourceException(
          "%s: no picture on topic %s can be read; name another topic with --image"
              .formatted(bag.path(), images.describe()));
    }
    CameraCalibration assumed = AssumedCamera.of(picture.width(), picture.height());
    warnings.accept(AssumedCamera.warning(bag.path().toString(), why, assumed));
    return assumed;
  }

  private @Nullable Picture firstPicture() {
    BagPictures decoder = new BagPictures(images);
    Iterator<BagMessage> messages = bag.messages(Set.of(images.name()));
    while (messages.hasNext()) {
      try {
        return decoder.picture(messages.next());
      } catch (MessageFormatException e) {
        continue; // the frame itself will be refused with the reason
      }
    }
    return null;
  }
}
