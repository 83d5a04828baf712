package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.DelegatingSource;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Delivers frames when they are due by their stamps, as the camera once did. */
public final class PacedSource extends DelegatingSource {
  private final PlaybackControl control;

  /**
   * @param control may be worked by others while the source is read
   */
  public PacedSource(FrameSource source, PlaybackControl control) {
    super(source);
    this.control = control;
  }

  /** At one rate from begin to end: 1 for the speed of the recording, 2 for twice that. */
  public PacedSource(FrameSource source, double rate, LongSupplier nanoClock) {
    this(source, new PlaybackControl(rate, false, nanoClock));
  }

  /** Ends the waiting for good, so that a run can be stopped within a pause. Any thread. */
  public void release() {
    control.release();
  }

  @Override
  public @Nullable SourceItem next() {
    SourceItem item = super.next();
    if (item == null) {
      return null;
    }
    try {
      control.awaitDue(item.stamp().nanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return item;
  }
}
