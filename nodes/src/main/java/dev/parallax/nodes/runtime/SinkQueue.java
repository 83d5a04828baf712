package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.Notice;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One bounded queue and one thread in front of a sink, so that a slow sink delays no other.
 * Lossless, a full queue makes the pipeline wait; live, the oldest result makes room and is
 * counted. A sink that throws is given nothing more; what it had written stays.
 */
public final class SinkQueue implements AutoCloseable {
  private final OutcomeSink sink;
  private final DeliveryMode mode;
  private final int capacity;
  private final Deque<Parcel> waiting = new ArrayDeque<>();
  private final Thread thread;
  private int resultsWaiting;
  private long dropped;
  private boolean closing;
  private @Nullable RuntimeException failure;

  private sealed interface Parcel {
    record Result(SourceItem item, FrameOutcome outcome) implements Parcel {}

    record Told(Notice notice) implements Parcel {}

    record BegunAnew() implements Parcel {}
  }

  /** Starts the sink's thread. The sink belongs to the queue, which closes it. */
  public SinkQueue(OutcomeSink sink, DeliveryMode mode, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("A queue holds at least one result, got " + capacity);
    }
    this.sink = sink;
    this.mode = mode;
    this.capacity = capacity;
    this.thread = new Thread(this::deliver, "sink-" + sink.name());
    thread.start();
  }

  public String name() {
    return sink.name();
  }

  /** Queues a result; waits for room when lossless. */
  public synchronized void offer(SourceItem item, FrameOutcome outcome)
      throws InterruptedException {
    while (mode == DeliveryMode.LOSSLESS && resultsWaiting >= capacity && failure == null) {
      wait();
    }
    if (failure != null) {
      return;
    }
    if (resultsWaiting >= capacity) {
      dropOldestResult();
    }
    waiting.addLast(new Parcel.Result(item, outcome));
    resultsWaiting++;
    notifyAll();
  }

  /** Queues a notice; notices are few and never dropped. */
  public synchronized void offer(Notice notice) {
    if (failure == null) {
      waiting.addLast(new Parcel.Told(notice));
      notifyAll();
    }
  }

  /** Queues the news that the pipeline has begun anew; never dropped. */
  public synchronized void offerBeginAnew() {
    if (failure == null) {
      waiting.addLast(new Parcel.BegunAnew());
      notifyAll();
    }
  }

  /** Results that a live sink was too slow for. */
  public synchronized long dropped() {
    return dropped;
  }

  /** Why the sink takes nothing more; null while it works. */
  public synchronized @Nullable RuntimeException failure() {
    return failure;
  }

  /** Lets the sink finish what waits, closes it and waits for its thread. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    Threads.joinUninterruptibly(thread); // what was done must still become readable
  }

  private void deliver() {
    try {
      for (Parcel parcel = next(); parcel != null; parcel = next()) {
        if (parcel instanceof Parcel.Result result) {
          sink.accept(result.item(), result.outcome());
        } else if (parcel instanceof Parcel.Told told) {
          sink.accept(told.notice());
        } else {
          sink.beginAnew();
        }
      }
    } catch (Throwable e) { // an Error must not leave the pipeline waiting for room
      fail(Failures.asRuntimeException(sink.name(), e));
    }
    try {
      sink.close();
    } catch (Throwable e) {
      fail(Failures.asRuntimeException(sink.name(), e));
    }
  }

  private synchronized @Nullable Parcel next() {
    while (waiting.isEmpty() && !closing) {
      try {
        wait();
      } catch (InterruptedException e) {
        closing = true; // nobody but close() ends this thread; finish as if it had
      }
    }
    Parcel parcel = waiting.pollFirst();
    if (parcel instanceof Parcel.Result) {
      resultsWaiting--;
    }
    notifyAll();
    return parcel;
  }

  private synchronized void fail(RuntimeException e) {
    if (failure == null) {
      failure = e;
    }
    waiting.clear();
    resultsWaiting = 0;
    notifyAll();
  }

  private void dropOldestResult() {
    for (var parcels = waiting.iterator(); parcels.hasNext(); ) {
      if (parcels.next() instanceof Parcel.Result) {
        parcels.remove();
        resultsWaiting--;
        dropped++;
        return;
      }
    }
  }
}
