package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pictures of a recording, each with what its inertial sensor had read. Owns the pictures. */
final class InertialSource extends DelegatingSource {
  private final InertialReadings readings;

  InertialSource(FrameSource pictures, InertialReadings readings) {
    super(pictures);
    this.readings = readings;
  }

  @Override
  public @Nullable SourceItem next() {
    SourceItem item = super.next();
    if (!(item instanceof SourceItem.Frame frame)) {
      return item;
    }
    CameraFrame f = frame.frame();
    return new SourceItem.Frame(
        f.withInertial(readings.log().before(f.stamp(), readings.T_cam_imu())), frame.encoded());
  }

  @Override
  public List<String> warnings() {
    List<String> all = new ArrayList<>(readings.warnings());
    all.addAll(super.warnings());
    return List.copyOf(all);
  }
}
