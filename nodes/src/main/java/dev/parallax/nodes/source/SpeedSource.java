package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Pictures of a recording, each with the way that was driven until it. Owns the pictures. */
final class SpeedSource implements FrameSource {
  private final FrameSource pictures;
  private final SpeedReadings speeds;

  SpeedSource(FrameSource pictures, SpeedReadings speeds) {
    this.pictures = pictures;
    this.speeds = speeds;
  }

  @Override
  public String name() {
    return pictures.name();
  }

  @Override
  public OptionalLong frameCount() {
    return pictures.frameCount();
  }

  @Override
  public @Nullable SourceItem next() {
    SourceItem item = pictures.next();
    if (!(item instanceof SourceItem.Frame frame)) {
      return item;
    }
    CameraFrame f = frame.frame();
    return new SourceItem.Frame(f.withDriven(speeds.log().at(f.stamp())), frame.encoded());
  }

  @Override
  public List<String> warnings() {
    List<String> all = new ArrayList<>(speeds.warnings());
    all.addAll(pictures.warnings());
    return List.copyOf(all);
  }

  @Override
  public void close() {
    pictures.close();
  }
}
