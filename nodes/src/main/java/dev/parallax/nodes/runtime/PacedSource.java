package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.Timestamp;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Delivers frames when they are due by their stamps, as the camera once did. */
public final class PacedSource extends DelegatingSource {
  private final double rate;
  private final LongSupplier nanoClock;
  private final CountDownLatch released = new CountDownLatch(1);
  private @Nullable Timestamp first;
  private long startNs;

  /**
   * @param rate 1 for the speed of the recording, 2 for twice that
   */
  public PacedSource(FrameSource source, double rate, LongSupplier nanoClock) {
    super(source);
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException("A rate is positive, got " + rate);
    }
    this.rate = rate;
    this.nanoClock = nanoClock;
  }

  @Override
  public @Nullable SourceItem next() {
    SourceItem item = super.next();
    if (item == null) {
      return null;
    }
    if (first == null) {
      first = item.stamp();
      startNs = nanoClock.getAsLong();
    }
    long dueNs = startNs + (long) (item.stamp().secondsSince(first) / rate * 1e9);
    try {
      // Returns at once where the frame is overdue.
      boolean unused = released.await(dueNs - nanoClock.getAsLong(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return item;
  }

  /** Ends the waiting for good, so that a run can be stopped within a pause. Any thread. */
  public void release() {
    released.countDown();
  }
}
