package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Picture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pictures of a recording as if it had no calibration. Owns the pictures. */
final class UncalibratedSource extends DelegatingSource {
  private @Nullable String warning;

  UncalibratedSource(FrameSource pictures) {
    super(pictures);
  }

  @Override
  public @Nullable SourceItem next() {
    SourceItem item = super.next();
    if (!(item instanceof SourceItem.Frame frame)) {
      return item;
    }
    CameraFrame f = frame.frame();
    Picture picture = f.picture();
    var assumed = AssumedCamera.of(picture.width(), picture.height());
    if (warning == null) {
      warning = AssumedCamera.warning(name(), "its calibration is left out, as asked for", assumed);
    }
    return new SourceItem.Frame(f.withCalibration(assumed), frame.encoded());
  }

  @Override
  public List<String> warnings() {
    List<String> all = new ArrayList<>(super.warnings());
    if (warning != null) {
      all.add(warning);
    }
    return List.copyOf(all);
  }
}
