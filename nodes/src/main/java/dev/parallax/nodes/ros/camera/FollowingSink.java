package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.Notice;
import java.util.function.LongSupplier;

/** Tells another sink when a live camera's path, model and map have begun anew. */
public final class FollowingSink implements OutcomeSink {
  private final OutcomeSink sink;
  private final LongSupplier beginning;
  private long began;

  /**
   * @param sink closed with this one
   * @param beginning sequence number of the first frame since they last did
   */
  public FollowingSink(OutcomeSink sink, LongSupplier beginning) {
    this.sink = sink;
    this.beginning = beginning;
  }

  @Override
  public String name() {
    return sink.name();
  }

  @Override
  public void accept(SourceItem item, FrameOutcome outcome) {
    long now = beginning.getAsLong();
    if (now > began && outcome.id().sequence() >= now) {
      began = now;
      sink.beginAnew();
    }
    sink.accept(item, outcome);
  }

  @Override
  public void beginAnew() {
    sink.beginAnew();
  }

  @Override
  public void accept(Notice notice) {
    sink.accept(notice);
  }

  @Override
  public void close() {
    sink.close();
  }
}
