package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraFrame;
import java.util.List;

/** Pictures of a recording, each with the way that was driven until it. Owns the pictures. */
final class SpeedSource extends ChangedFrames {
  private final SpeedReadings speeds;

  SpeedSource(FrameSource pictures, SpeedReadings speeds) {
    super(pictures);
    this.speeds = speeds;
  }

  @Override
  CameraFrame changed(CameraFrame frame) {
    return frame.withDriven(speeds.log().at(frame.stamp()));
  }

  @Override
  List<String> ownWarnings() {
    return speeds.warnings();
  }
}
