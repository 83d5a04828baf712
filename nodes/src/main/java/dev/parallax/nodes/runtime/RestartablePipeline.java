package dev.parallax.nodes.runtime;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline that can be told, from any thread, to forget everything: model, path and map. The next
 * frame then begins a new one. Who follows the outcomes asks {@link #beginning} to forget as well.
 */
public final class RestartablePipeline implements PerceptionPipeline {
  private final Supplier<PerceptionPipeline> pipelines;
  private @Nullable PerceptionPipeline current;
  private final SortedSet<Long> restarts = new TreeSet<>();
  private volatile long beginning;

  /**
   * @param pipelines makes a fresh pipeline, on the thread that processes
   */
  public RestartablePipeline(Supplier<PerceptionPipeline> pipelines) {
    this.pipelines = pipelines;
  }

  /** Asks to begin anew with the next frame. Any thread. */
  public void restart() {
    restart(0);
  }

  /**
   * Asks to begin anew with the next frame that has at least this sequence number: frames before it
   * may still be on their way. Any thread.
   */
  public synchronized void restart(long fromSequence) {
    restarts.add(fromSequence);
  }

  private synchronized boolean isDue(long sequence) {
    SortedSet<Long> due = restarts.headSet(sequence + 1);
    boolean any = !due.isEmpty();
    due.clear(); // later ones are of frames still to come
    return any;
  }

  /** Sequence number of the first frame since the last restart. Any thread. */
  public long beginning() {
    return beginning;
  }

  @Override
  public void expect(CameraFrame next) {
    if (current != null) {
      current.expect(next);
    }
  }

  @Override
  public FrameOutcome process(CameraFrame frame) {
    if (isDue(frame.id().sequence())) {
      close();
      beginning = frame.id().sequence();
    }
    PerceptionPipeline live = current;
    if (live == null) {
      live = pipelines.get();
      current = live;
    }
    return live.process(frame);
  }

  @Override
  public void close() {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
