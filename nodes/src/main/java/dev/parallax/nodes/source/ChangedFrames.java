package dev.parallax.nodes.source;

import dev.parallax.perception.frame.CameraFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source whose frames are another one's with something added, replaced or left out. */
abstract class ChangedFrames extends DelegatingSource {
  ChangedFrames(FrameSource source) {
    super(source);
  }

  /** The frame as it is to be. */
  abstract CameraFrame changed(CameraFrame frame);

  /** What a person should be told beside the warnings of the source that is changed. */
  abstract List<String> ownWarnings();

  @Override
  public final @Nullable SourceItem next() {
    SourceItem item = super.next();
    return item instanceof SourceItem.Frame f
        ? new SourceItem.Frame(changed(f.frame()), f.encoded())
        : item;
  }

  @Override
  public final List<String> warnings() {
    List<String> all = new ArrayList<>(ownWarnings());
    all.addAll(super.warnings());
    return List.copyOf(all);
  }
}
