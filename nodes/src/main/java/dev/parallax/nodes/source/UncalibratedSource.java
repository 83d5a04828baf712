package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraFrame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pictures of a recording as if it had no calibration. Owns the pictures. */
final class UncalibratedSource extends ChangedFrames {
  private @Nullable String warning;

  UncalibratedSource(FrameSource pictures) {
    super(pictures);
  }

  @Override
  CameraFrame changed(CameraFrame frame) {
    var assumed = AssumedCamera.of(frame.picture().width(), frame.picture().height());
    if (warning == null) {
      warning = AssumedCamera.warning(name(), "its calibration is left out, as asked for", assumed);
    }
    return frame.withCalibration(assumed);
  }

  @Override
  List<String> ownWarnings() {
    return warning == null ? List.of() : List.of(warning);
  }
}
