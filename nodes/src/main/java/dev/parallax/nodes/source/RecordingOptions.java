package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.geometry.Se3;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What the user says about a recording; anything left out is found in the recording itself.
 *
 * @param calibration camera that overrules the recording's own; null to use the recording's
 * @param withoutCalibration whether the recording's own calibration is left out too
 * @param imageTopic picture topic of a bag; null to find it by type
 * @param depthTopic depth topic of a bag; null to find it by type
 * @param withSensorDepth whether frames carry the recording's own depth, where it has any
 * @param depthUnitsPerM integer depth values to a metre (5000 for TUM's PNGs, 1000 for ROS); empty
 *     to use what the kind of recording defines
 * @param speed topic or file with the carrier's speed, empty to find it; null to leave it out
 * @param imu the inertial sensor; null to leave it out
 * @param camera the name given to the frames' camera
 */
public record RecordingOptions(
    @Nullable CameraCalibration calibration,
    boolean withoutCalibration,
    @Nullable String imageTopic,
    @Nullable String depthTopic,
    boolean withSensorDepth,
    OptionalDouble depthUnitsPerM,
    @Nullable String speed,
    @Nullable Imu imu,
    CameraId camera) {
  /**
   * Where a recording's inertial sensor is.
   *
   * @param source a topic, a file, or {@code auto} to find it
   * @param T_cam_imu where the sensor sits, over what the recording says; null to use that
   */
  public record Imu(String source, @Nullable Se3 T_cam_imu) {}

  public static RecordingOptions defaults() {
    return new RecordingOptions(
        null, false, null, null, false, OptionalDouble.empty(), null, null, new CameraId("camera"));
  }

  public RecordingOptions withCalibration(@Nullable CameraCalibration newCalibration) {
    return new RecordingOptions(
        newCalibration,
        withoutCalibration,
        imageTopic,
        depthTopic,
        withSensorDepth,
        depthUnitsPerM,
        speed,
        imu,
        camera);
  }

  /** Whether the recording is read as if it had no calibration of its own. */
  public RecordingOptions withoutCalibration(boolean without) {
    return new RecordingOptions(
        calibration,
        without,
        imageTopic,
        depthTopic,
        withSensorDepth,
        depthUnitsPerM,
        speed,
        imu,
        camera);
  }

  public RecordingOptions withImageTopic(@Nullable String newTopic) {
    return new RecordingOptions(
        calibration,
        withoutCalibration,
        newTopic,
        depthTopic,
        withSensorDepth,
        depthUnitsPerM,
        speed,
        imu,
        camera);
  }

  public RecordingOptions withDepthTopic(@Nullable String newTopic) {
    return new RecordingOptions(
        calibration,
        withoutCalibration,
        imageTopic,
        newTopic,
        withSensorDepth,
        depthUnitsPerM,
        speed,
        imu,
        camera);
  }

  /** Whether frames carry the recording's own depth. */
  public RecordingOptions withSensorDepth(boolean wanted) {
    return new RecordingOptions(
        calibration,
        withoutCalibration,
        imageTopic,
        depthTopic,
        wanted,
        depthUnitsPerM,
        speed,
        imu,
        camera);
  }

  /** Integer depth values to a metre; overrules what the kind of recording defines. */
  public RecordingOptions withDepthUnitsPerM(OptionalDouble newUnitsPerM) {
    return new RecordingOptions(
        calibration,
        withoutCalibration,
        imageTopic,
        depthTopic,
        withSensorDepth,
        newUnitsPerM,
        speed,
        imu,
        camera);
  }

  /** Where the carrier's speed is; empty to find it, null to leave it out. */
  public RecordingOptions withSpeed(@Nullable String newSpeed) {
    return new RecordingOptions(
        calibration,
        withoutCalibration,
        imageTopic,
        depthTopic,
        withSensorDepth,
        depthUnitsPerM,
        newSpeed,
        imu,
        camera);
  }

  /** Where the inertial sensor is; null to leave it out. */
  public RecordingOptions withImu(@Nullable Imu newImu) {
    return new RecordingOptions(
        calibration,
        withoutCalibration,
        imageTopic,
        depthTopic,
        withSensorDepth,
        depthUnitsPerM,
        speed,
        newImu,
        camera);
  }

  public RecordingOptions withCamera(CameraId newCamera) {
    return new RecordingOptions(
        calibration,
        withoutCalibration,
        imageTopic,
        depthTopic,
        withSensorDepth,
        depthUnitsPerM,
        speed,
        imu,
        newCamera);
  }
}
