package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.RosCameraInfo;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.source.AssumedCamera;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.Picture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calibration of a live camera: what the user gave, else the first usable CameraInfo, else,
 * once pictures have come for a while without one, an assumed one that is said to be.
 */
final class LiveCalibration {
  private static final long PATIENCE_NS = 2_000_000_000L;

  private final String topic;
  private final boolean rectified;
  private final Consumer<String> warnings;
  private @Nullable CameraCalibration calibration;
  private String missing;

  LiveCalibration(
      String topic,
      boolean rectified,
      @Nullable CameraCalibration given,
      Consumer<String> warnings) {
    this.topic = topic;
    this.rectified = rectified;
    this.warnings = warnings;
    calibration = given;
    missing = "no CameraInfo on " + topic;
  }

  /** A message of the topic; the first usable one counts. */
  synchronized void accept(RosDelivery delivery) {
    if (calibration != null) {
      return;
    }
    try {
      RosCameraInfo info = RosCameraInfo.read(delivery.message(), topic);
      if (info.isUncalibrated()) {
        missing = "the CameraInfo on %s says that the camera is not calibrated".formatted(topic);
      } else {
        calibration = new CameraCalibration(info.model(rectified), CameraCalibration.Origin.GIVEN);
      }
    } catch (MessageFormatException | IllegalArgumentException e) {
      missing = "the CameraInfo on %s cannot be used (%s)".formatted(topic, e.getMessage());
    }
    notifyAll();
  }

  /** The calibration for pictures like this one; waits a moment for the first. */
  synchronized CameraCalibration of(Picture picture) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NS;
    while (calibration == null) {
      long leftNs = deadline - System.nanoTime();
      if (leftNs <= 0) {
        CameraCalibration assumed = AssumedCamera.of(picture.width(), picture.height());
        warnings.accept(AssumedCamera.warning("ROS", missing, assumed));
        calibration = assumed;
        break;
      }
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
    }
    return calibration;
  }
}
