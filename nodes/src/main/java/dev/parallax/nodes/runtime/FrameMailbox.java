package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.nodes.source.SourceItem.Refused;
import dev.parallax.perception.frame.CameraFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Hands frames from the source's thread to the pipeline's. Lossless, it holds a few frames and then
 * makes the source wait. Live, a newer frame overtakes the one that still waits; the overtaken one
 * stays in its place as a {@link Mail#late} entry without its picture, so that every frame is
 * accounted for in order.
 */
public final class FrameMailbox {
  private final DeliveryMode mode;
  private final int capacity;
  private final Deque<Mail> waiting = new ArrayDeque<>();
  private boolean finished;
  private boolean abandoned;

  /**
   * @param late true if a newer frame came first: the picture is gone and must be accounted for as
   *     skipped
   */
  public record Mail(SourceItem item, boolean late) {}

  /**
   * @param capacity frames that may wait when lossless; live, one picture waits
   */
  public FrameMailbox(DeliveryMode mode, int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("A mailbox holds at least one frame, got " + capacity);
    }
    this.mode = mode;
    this.capacity = capacity;
  }

  /**
   * Puts a frame in; waits for room when lossless.
   *
   * @return false if nobody will take it any more
   */
  public synchronized boolean put(SourceItem item) throws InterruptedException {
    if (mode == DeliveryMode.LIVE) {
      overtakeWaitingPicture();
    } else {
      while (waiting.size() >= capacity && !abandoned) {
        wait();
      }
    }
    if (abandoned) {
      return false;
    }
    waiting.addLast(new Mail(item, false));
    notifyAll();
    return true;
  }

  /** The next frame in order; null once the source has finished and all are taken. */
  public synchronized @Nullable Mail take() throws InterruptedException {
    while (waiting.isEmpty() && !finished) {
      wait();
    }
    Mail mail = waiting.pollFirst();
    notifyAll();
    return mail;
  }

  /** The frame that comes next unless a newer one overtakes it; null if none is waiting. */
  public synchronized @Nullable CameraFrame upcoming() {
    Mail next = waiting.peekFirst();
    return next != null && next.item() instanceof SourceItem.Frame frame ? frame.frame() : null;
  }

  /** The source has no more frames; what waits can still be taken. */
  public synchronized void finish() {
    finished = true;
    notifyAll();
  }

  /** The taker has gone: a waiting source is let go and its frames are turned away. */
  public synchronized void abandon() {
    abandoned = true;
    notifyAll();
  }

  /** Only the last entry can still hold a picture: each put before it was overtaken in turn. */
  private void overtakeWaitingPicture() {
    Mail last = waiting.peekLast();
    if (last != null && last.item() instanceof SourceItem.Frame frame) {
      waiting.removeLast();
      waiting.addLast(
          new Mail(new Refused(frame.id(), frame.stamp(), "a newer frame came first"), true));
    }
  }
}
