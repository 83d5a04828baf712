package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.geometry.Se3;
import java.util.OptionalDouble;
import java.util.function.Consumer;
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
    return with(draft -> draft.calibration = newCalibration);
  }

  /** Whether the recording is read as if it had no calibration of its own. */
  public RecordingOptions withoutCalibration(boolean without) {
    return with(draft -> draft.withoutCalibration = without);
  }

  public RecordingOptions withImageTopic(@Nullable String newTopic) {
    return with(draft -> draft.imageTopic = newTopic);
  }

  public RecordingOptions withDepthTopic(@Nullable String newTopic) {
    return with(draft -> draft.depthTopic = newTopic);
  }

  /** Whether frames carry the recording's own depth. */
  public RecordingOptions withSensorDepth(boolean wanted) {
    return with(draft -> draft.withSensorDepth = wanted);
  }

  /** Integer depth values to a metre; overrules what the kind of recording defines. */
  public RecordingOptions withDepthUnitsPerM(OptionalDouble newUnitsPerM) {
    return with(draft -> draft.depthUnitsPerM = newUnitsPerM);
  }

  /** Where the carrier's speed is; empty to find it, null to leave it out. */
  public RecordingOptions withSpeed(@Nullable String newSpeed) {
    return with(draft -> draft.speed = newSpeed);
  }

  /** Where the inertial sensor is; null to leave it out. */
  public RecordingOptions withImu(@Nullable Imu newImu) {
    return with(draft -> draft.imu = newImu);
  }

  public RecordingOptions withCamera(CameraId newCamera) {
    return with(draft -> draft.camera = newCamera);
  }

  private RecordingOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** The fields while one of them is changed. */
  private static final class Draft {
    private @Nullable CameraCalibration calibration;
    private boolean withoutCalibration;
    private @Nullable String imageTopic;
    private @Nullable String depthTopic;
    private boolean withSensorDepth;
    private OptionalDouble depthUnitsPerM;
    private @Nullable String speed;
    private @Nullable Imu imu;
    private CameraId camera;

    Draft(RecordingOptions from) {
      calibration = from.calibration;
      withoutCalibration = from.withoutCalibration;
      imageTopic = from.imageTopic;
      depthTopic = from.depthTopic;
      withSensorDepth = from.withSensorDepth;
      depthUnitsPerM = from.depthUnitsPerM;
      speed = from.speed;
      imu = from.imu;
      camera = from.camera;
    }

    RecordingOptions options() {
      return new RecordingOptions(
          calibration,
          withoutCalibration,
          imageTopic,
          depthTopic,
          withSensorDepth,
          depthUnitsPerM,
          speed,
          imu,
          camera);
    }
  }
}
