package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A source that changes how another one is played; closes it with itself. */
abstract class DelegatingSource implements FrameSource {
  private final FrameSource source;

  DelegatingSource(FrameSource source) {
    this.source = source;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public OptionalLong frameCount() {
    return source.frameCount();
  }

  @Override
  public @Nullable SourceItem next() {
    return source.next();
  }

  @Override
  public List<String> warnings() {
    return source.warnings();
  }

  @Override
  public void close() {
    source.close();
  }
}
