package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Remembers what it is given; can be held back or made to fail. */
final class RecordingSink implements OutcomeSink {
  final List<FrameOutcome> outcomes = new ArrayList<>();
  final List<Notice> notices = new ArrayList<>();
  final CountDownLatch gate;
  int failAfter = Integer.MAX_VALUE;
  boolean closed;

  RecordingSink() {
    this(new CountDownLatch(0));
  }

  /** Takes nothing until the gate opens. */
  RecordingSink(CountDownLatch gate) {
    this.gate = gate;
  }

  @Override
  public String name() {
    return "recording";
  }

  @Override
  public synchronized void accept(SourceItem item, FrameOutcome outcome) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (outcomes.size() >= failAfter) {
      throw new IllegalStateException("disk full");
    }
    outcomes.add(outcome);
  }

  @Override
  public synchronized void accept(Notice notice) {
    notices.add(notice);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}
