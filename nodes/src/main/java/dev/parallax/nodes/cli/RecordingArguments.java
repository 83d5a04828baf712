package dev.parallax.nodes.cli;

import dev.parallax.nodes.codec.CalibrationFormatException;
import dev.parallax.nodes.codec.CalibrationYaml;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.perception.frame.CameraCalibration;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a user may say about a recording; shared by the commands that read one. */
final class RecordingArguments {
  @Option(
      names = "--camera",
      paramLabel = "FILE",
      description = "camera.yaml in ROS calibration format; overrules the recording's own")
  private @Nullable Path camera;

  @Option(
      names = "--no-calibration",
      description = "leave out the recording's calibration: the focal length is then estimated")
  private boolean withoutCalibration;

  @Option(
      names = "--image",
      paramLabel = "TOPIC",
      description = "picture topic of a bag (default: found by type)")
  private @Nullable String imageTopic;

  @Option(
      names = "--depth-topic",
      paramLabel = "TOPIC",
      description = "depth topic of a bag, for --scale sensor-depth (default: found by type)")
  private @Nullable String depthTopic;

  @Option(
      names = "--depth-units",
      paramLabel = "N",
      description = "integer depth values to a metre (default: as the kind of recording has it)")
  private @Nullable Double depthUnitsPerM;

  /**
   * @param withSensorDepth whether frames should carry the recording's own depth
   * @throws SourceException if the calibration file cannot be used
   */
  RecordingOptions options(boolean withSensorDepth) {
    if (depthUnitsPerM != null && !(depthUnitsPerM > 0)) {
      throw new SourceException("--depth-units must be positive, got " + depthUnitsPerM);
    }
    if (withoutCalibration && camera != null) {
      throw new SourceException("--camera gives a calibration and --no-calibration leaves it out");
    }
    return RecordingOptions.defaults()
        .withoutCalibration(withoutCalibration)
        .withCalibration(calibration())
        .withImageTopic(imageTopic)
        .withDepthTopic(depthTopic)
        .withDepthUnitsPerM(
            depthUnitsPerM == null ? OptionalDouble.empty() : OptionalDouble.of(depthUnitsPerM))
        .withSensorDepth(withSensorDepth);
  }

  private @Nullable CameraCalibration calibration() {
    return camera == null ? null : calibration(camera);
  }

  /**
   * @throws SourceException if the calibration file cannot be used
   */
  static CameraCalibration calibration(Path file) {
    try {
      return new CameraCalibration(CalibrationYaml.read(file), CameraCalibration.Origin.GIVEN);
    } catch (CalibrationFormatException e) {
      throw new SourceException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Adds what was given. */
  void describe(ResolvedConfig config) {
    config
        .put("camera", camera)
        .put("no_calibration", withoutCalibration ? true : null)
        .put("image", imageTopic)
        .put("depth_topic", depthTopic)
        .put("depth_units", depthUnitsPerM);
  }
}
