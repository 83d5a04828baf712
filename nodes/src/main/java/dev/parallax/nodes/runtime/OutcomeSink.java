package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.Notice;

/**
 * Somewhere results go: files, the web page, later ROS and Kafka. Called by one thread, the sink's
 * own; a slow sink delays no other.
 */
public interface OutcomeSink extends AutoCloseable {
  /** Short name for messages and the ledger of drops. */
  String name();

  /** Takes one frame and what became of it. Every frame is given exactly once. */
  void accept(SourceItem item, FrameOutcome outcome);

  /**
   * The pipeline has begun anew: the outcomes that follow are of another model, path and map than
   * those before.
   */
  default void beginAnew() {}

  /** Takes a notice meant for people. */
  void accept(Notice notice);

  /** Finishes what is under way and keeps it readable. */
  @Override
  void close();
}
