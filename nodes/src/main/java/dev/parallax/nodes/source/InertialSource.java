package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraFrame;
import java.util.List;

/** Pictures of a recording, each with what its inertial sensor had read. Owns the pictures. */
final class InertialSource extends ChangedFrames {
  private final InertialReadings readings;

  InertialSource(FrameSource pictures, InertialReadings readings) {
    super(pictures);
    this.readings = readings;
  }

  @Override
  CameraFrame changed(CameraFrame frame) {
    return frame.withInertial(readings.log().before(frame.stamp(), readings.T_cam_imu()));
  }

  @Override
  List<String> ownWarnings() {
    return readings.warnings();
  }
}
