package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.DelegatingSource;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.Timestamp;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A part of a recording: from so many seconds after its first frame, for so many seconds. What lies
 * outside was not asked for and is no frame of the run.
 */
public final class ClippedSource extends DelegatingSource {
  private final double startS;
  private final double durationS;
  private @Nullable Timestamp first;
  private boolean ended;

  /**
   * @param durationS may be infinite
   */
  public ClippedSource(FrameSource source, double startS, double durationS) {
    super(source);
    if (!(startS >= 0) || !(durationS > 0)) {
      throw new IllegalArgumentException(
          "A part starts at 0 s or later and lasts, got %s s for %s s"
              .formatted(startS, durationS));
    }
    this.startS = startS;
    this.durationS = durationS;
  }

  @Override
  public OptionalLong frameCount() {
    return OptionalLong.empty();
  }

  @Override
  public @Nullable SourceItem next() {
    while (!ended) {
      SourceItem item = super.next();
      if (item == null) {
        return null;
      }
      if (first == null) {
        first = item.stamp();
      }
      double atS = item.stamp().secondsSince(first);
      if (atS >= startS + durationS) {
        ended = true;
      } else if (atS >= startS) {
        return item;
      }
    }
    return null;
  }
}
