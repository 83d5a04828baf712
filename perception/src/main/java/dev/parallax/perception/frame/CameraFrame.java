package dev.parallax.perception.frame;

import org.jspecify.annotations.Nullable;

/**
 * One picture as a source delivers it: immutable, not yet undistorted.
 *
 * @param sensorDepth depth from the recording's own sensor, registered to the distorted picture and
 *     of any size with the same field of view; null where there is none
 * @param driven how far the camera's carrier has gone by its own speed sensor; null where there is
 *     none
 * @param inertial what an inertial sensor read until then; null where there is none
 * @throws IllegalArgumentException if picture and calibration differ in size
 */
public record CameraFrame(
    FrameId id,
    Timestamp stamp,
    CameraCalibration calibration,
    Picture picture,
    @Nullable DepthMap sensorDepth,
    @Nullable DrivenWay driven,
    @Nullable InertialSamples inertial) {
  public CameraFrame {
    if (picture.width() != calibration.model().width()
        || picture.height() != calibration.model().height()) {
      throw new IllegalArgumentException(
          "Camera %s: picture is %dx%d but its calibration is for %dx%d"
              .formatted(
                  id.camera().name(),
                  picture.width(),
                  picture.height(),
                  calibration.model().width(),
                  calibration.model().height()));
    }
  }

  /** A picture beside which neither speed nor inertia was measured. */
  public CameraFrame(
      FrameId id,
      Timestamp stamp,
      CameraCalibration calibration,
      Picture picture,
      @Nullable DepthMap sensorDepth) {
    this(id, stamp, calibration, picture, sensorDepth, null, null);
  }

  /**
   * The same picture as another camera's.
   *
   * @throws IllegalArgumentException if that one's pictures have another size
   */
  public CameraFrame withCalibration(CameraCalibration newCalibration) {
    return new CameraFrame(id, stamp, newCalibration, picture, sensorDepth, driven, inertial);
  }

  /** The same picture with what the carrier's speed sensor had measured when it was taken. */
  public CameraFrame withDriven(@Nullable DrivenWay newDriven) {
    return new CameraFrame(id, stamp, calibration, picture, sensorDepth, newDriven, inertial);
  }

  /** The same picture with what an inertial sensor had read when it was taken. */
  public CameraFrame withInertial(@Nullable InertialSamples newInertial) {
    return new CameraFrame(id, stamp, calibration, picture, sensorDepth, driven, newInertial);
  }
}
