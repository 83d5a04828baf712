package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosCameraInfo;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.CameraModels;
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
          model(info, images.isRectified()), CameraCalibration.Origin.GIVEN);
    } catch (MessageFormatException | IllegalArgumentException e) {
      throw new SourceException(
          "%s: CameraInfo on %s cannot be used: %s; give the calibration with --camera camera.yaml"
              .formatted(bag.path(), topic, e.getMessage()),
          e);
    }
  }

  /**
   * The model for the pictures as published. K and D are for the whole sensor; P describes the
   * rectified pictures. Region of interest and binning shift and shrink either (REP 104).
   */
  static CameraModel model(RosCameraInfo info, boolean rectified) {
    double[] K = info.k();
    double[] P = info.p();
    double[] matrix = rectified ? new double[] {P[0], 0, P[2], 0, P[5], P[6], 0, 0, 1} : K.clone();
    long binningX = Math.max(1, info.binningX());
    long binningY = Math.max(1, info.binningY());
    matrix[0] /= binningX;
    matrix[1] /= binningX;
    matrix[2] = (matrix[2] - info.roi().xOffset()) / binningX;
    matrix[4] /= binningY;
    matrix[5] = (matrix[5] - info.roi().yOffset()) / binningY;
    long width = info.roi().width() > 0 ? info.roi().width() : info.width();
    long height = info.roi().height() > 0 ? info.roi().height() : info.height();
    return CameraModels.fromRos(
        rectified ? "" : info.distortionModel(),
        (int) (width / binningX),
        (int) (height / binningY),
        matrix,
        rectified ? new double[0] : info.d());
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
