package dev.parallax.nodes.source;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A source that changes what another one gives, or when; closes it with itself. */
public abstract class DelegatingSource implements FrameSource {
  private final FrameSource source;

  protected DelegatingSource(FrameSource source) {
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
