package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Picture;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Pictures of a recording as if it had no calibration. Owns the pictures. */
final class UncalibratedSource implements FrameSource {
  private final FrameSource pictures;
  private @Nullable String warning;

  UncalibratedSource(FrameSource pictures) {
    this.pictures = pictures;
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
    Picture picture = f.picture();
    var assumed = AssumedCamera.of(picture.width(), picture.height());
    if (warning == null) {
      warning = AssumedCamera.warning(name(), "its calibration is left out, as asked for", assumed);
    }
    return new SourceItem.Frame(
        new CameraFrame(f.id(), f.stamp(), assumed, picture, f.sensorDepth(), f.driven()),
        frame.encoded());
  }

  @Override
  public List<String> warnings() {
    List<String> all = new ArrayList<>(pictures.warnings());
    if (warning != null) {
      all.add(warning);
    }
    return List.copyOf(all);
  }

  @Override
  public void close() {
    pictures.close();
  }
}
