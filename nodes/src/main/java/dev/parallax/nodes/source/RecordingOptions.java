package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraId;
import org.jspecify.annotations.Nullable;

/**
 * What the user says about a recording; anything left out is found in the recording itself.
 *
 * @param calibration camera that overrules the recording's own; null to use the recording's
 * @param imageTopic picture topic of a bag; null to find it by type
 * @param depthTopic depth topic of a bag; null to find it by type
 * @param withSensorDepth whether frames carry the recording's own depth, where it has any
 * @param camera the name given to the frames' camera
 */
public record RecordingOptions(
    @Nullable CameraCalibration calibration,
    @Nullable String imageTopic,
    @Nullable String depthTopic,
    boolean withSensorDepth,
    CameraId camera) {

  public static RecordingOptions defaults() {
    return new RecordingOptions(null, null, null, false, new CameraId("camera"));
  }

  public RecordingOptions withCalibration(@Nullable CameraCalibration newCalibration) {
    return new RecordingOptions(newCalibration, imageTopic, depthTopic, withSensorDepth, camera);
  }

  public RecordingOptions withImageTopic(@Nullable String newTopic) {
    return new RecordingOptions(calibration, newTopic, depthTopic, withSensorDepth, camera);
  }

  public RecordingOptions withDepthTopic(@Nullable String newTopic) {
    return new RecordingOptions(calibration, imageTopic, newTopic, withSensorDepth, camera);
  }

  /** Whether frames carry the recording's own depth. */
  public RecordingOptions withSensorDepth(boolean wanted) {
    return new RecordingOptions(calibration, imageTopic, depthTopic, wanted, camera);
  }

  public RecordingOptions withCamera(CameraId newCamera) {
    return new RecordingOptions(calibration, imageTopic, depthTopic, withSensorDepth, newCamera);
  }
}
