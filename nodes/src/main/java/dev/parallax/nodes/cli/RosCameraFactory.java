package dev.parallax.nodes.cli;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.CalibrationYaml;
import dev.parallax.nodes.codec.RosDepth;
import dev.parallax.nodes.config.CameraSettings;
import dev.parallax.nodes.config.ScaleSettings;
import dev.parallax.nodes.ros.camera.RosCameraConfig;
import dev.parallax.nodes.ros.camera.RosCameraConfig.Frames;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.geometry.Se3;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns what a user says of a camera into what ROS's side of it is told. */
final class RosCameraFactory {
  private static final String DEFAULT_NAMESPACE = "/parallax";

  private RosCameraFactory() {}

  /**
   * @throws CommandFailure if the image topic is missing or the calibration cannot be used
   */
  static RosCameraConfig config(CameraSettings settings) {
    String image = settings.image();
    if (image == null) {
      throw new CommandFailure(
          "which pictures? Name the topic with --image, image: in the configuration, or the"
              + " parameter ~image");
    }
    ScaleSettings scale = settings.scaleSettings();
    if (scale.names(ScaleSource.SPEED) && settings.speed() == null) {
      throw new CommandFailure(
          "scale: speed needs the topic that tells it: name it with --speed or speed: in the"
              + " configuration");
    }
    if (scale.names(ScaleSource.IMU) && settings.imu() == null) {
      throw new CommandFailure(
          "scale: imu needs the topic of the IMU: name it with --imu or imu: in the configuration");
    }
    String namespace = or(settings.namespace(), DEFAULT_NAMESPACE);
    Double units = settings.depthUnitsPerM();
    if (units != null && !(units > 0)) {
      throw new CommandFailure("depth units must be positive, got " + units);
    }
    return new RosCameraConfig(
        or(settings.name(), nameOf(namespace)),
        namespace,
        image,
        settings.cameraInfo(),
        settings.depth(),
        settings.speed(),
        imu(settings),
        units == null ? RosDepth.ROS_UNITS_PER_M : units,
        calibration(settings.calibration()),
        frames(settings),
        Path.of(or(settings.mapFolder(), "map")));
  }

  private static RosCameraConfig.@Nullable Imu imu(CameraSettings settings) {
    String topic = settings.imu();
    List<Double> v = settings.imuMount();
    if (topic == null) {
      return null;
    }
    if (topic.equals("auto")) {
      throw new CommandFailure("--imu auto is for recordings; name the IMU's topic: --imu TOPIC");
    }
    if (v == null) {
      return new RosCameraConfig.Imu(topic, null);
    }
    try {
      Se3 mount =
          Se3.ofQuaternion(v.get(3), v.get(4), v.get(5), v.get(6), v.get(0), v.get(1), v.get(2));
      return new RosCameraConfig.Imu(topic, mount);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new CommandFailure(
          "imu_mount (--imu-mount) wants tx, ty, tz, qx, qy, qz, qw: " + e.getMessage(), e);
    }
  }

  private static Frames frames(CameraSettings settings) {
    Frames defaults = Frames.defaults();
    return new Frames(
        or(settings.mapFrame(), defaults.map()),
        or(settings.odomFrame(), defaults.odom()),
        or(settings.baseFrame(), defaults.base()),
        settings.publishOdomTf() == null || settings.publishOdomTf(),
        settings.publishMapTf() == null || settings.publishMapTf());
  }

  private static @Nullable CameraCalibration calibration(@Nullable String file) {
    if (file == null) {
      return null;
    }
    try {
      return new CameraCalibration(
          CalibrationYaml.read(Path.of(file)), CameraCalibration.Origin.GIVEN);
    } catch (CalibrationFormatException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static String nameOf(String namespace) {
    String last = namespace.substring(namespace.lastIndexOf('/') + 1);
    return last.isEmpty() ? "camera" : last;
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value != null ? value : otherwise;
  }
}
