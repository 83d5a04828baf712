package dev.parallax.nodes.source;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A recording read frame by frame, in the order of time. One thread at a time. */
public interface FrameSource extends AutoCloseable {
  /** What is being read, for messages: the path and, for bags, the topic. */
  String name();

  /** How many frames will come, where the recording can tell before it is read. */
  OptionalLong frameCount();

  /**
   * The next frame, or why it was refused; null at the end.
   *
   * <p>A picture that cannot be used is an item too, so that every frame of the recording is
   * accounted for.
   */
  @Nullable SourceItem next();

  /** What a person should know about the recording: repairs, assumptions, losses. */
  List<String> warnings();

  @Override
  void close();
}
