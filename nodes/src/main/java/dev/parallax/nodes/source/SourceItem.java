package dev.parallax.nodes.source;

import dev.parallax.nodes.codec.EncodedPicture;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Timestamp;
import org.jspecify.annotations.Nullable;

/** One frame of a recording: usable, or refused with the reason. */
public sealed interface SourceItem {
  FrameId id();

  Timestamp stamp();

  /**
   * A picture the pipeline can take.
   *
   * @param encoded the same picture as it was stored, to be passed on unchanged; null where it was
   *     not compressed on its own
   */
  record Frame(CameraFrame frame, @Nullable EncodedPicture encoded) implements SourceItem {
    public Frame(CameraFrame frame) {
      this(frame, null);
    }

    @Override
    public FrameId id() {
      return frame.id();
    }

    @Override
    public Timestamp stamp() {
      return frame.stamp();
    }
  }

  /**
   * A picture that cannot be used.
   *
   * @param reason one line that names the file or topic, what is wrong, and the remedy
   */
  record Refused(FrameId id, Timestamp stamp, String reason) implements SourceItem {}
}
