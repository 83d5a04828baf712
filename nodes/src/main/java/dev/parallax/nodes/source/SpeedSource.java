package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pictures of a recording, each with the way that was driven until it. Owns the pictures. */
final class SpeedSource extends DelegatingSource {
  private final SpeedReadings speeds;

  SpeedSource(FrameSource pictures, SpeedReadings speeds) {
    super(pictures);
    this.speeds = speeds;
  }

  @Override
  public @Nullable SourceItem next() {
    SourceItem item = super.next();
    if (!(item instanceof SourceItem.Frame frame)) {
      return item;
    }
    CameraFrame f = frame.frame();
    return new SourceItem.Frame(f.withDriven(speeds.log().at(f.stamp())), frame.encoded());
  }

  @Override
  public List<String> warnings() {
    List<String> all = new ArrayList<>(speeds.warnings());
    all.addAll(super.warnings());
    return List.copyOf(all);
  }
}
