package dev.parallax.nodes.runtime;

import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.StageTimings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Joins a source, a pipeline and sinks:
 *
 * <pre>
 *   source thread: decode -> FrameMailbox -> run()'s thread: pipeline -> SinkQueue, a thread a sink
 * </pre>
 *
 * Runs once. What the source owes an outcome is taken from the mailbox to the last, also after
 * {@link #stop()}, so that the ledger balances.
 */
public final class PipelineRunner {
  private static final int FRAMES_AHEAD = 4;
  private static final int RESULTS_AHEAD = 8;

  private final FrameSource source;
  private final Function<Consumer<Notice>, PerceptionPipeline> pipelineFactory;
  private final List<SinkQueue> sinks;
  private final DeliveryMode mode;
  private final FrameMailbox mailbox;
  private final Ledger ledger = new Ledger();
  private final CountDownLatch ended = new CountDownLatch(1);
  private long beginning; // the pipeline's thread alone
  private volatile boolean stopping;
  private volatile @Nullable RuntimeException sourceFailure;

  /**
   * How a run ended.
   *
   * @param stopped whether {@link #stop()} or a failed sink ended it before the source did
   * @param failures what went wrong in the source and in sinks; empty if nothing did
   */
  public record Result(Ledger.Counts counts, boolean stopped, List<RuntimeException> failures) {
    public Result {
      failures = List.copyOf(failures);
    }
  }

  /**
   * @param source read by a thread of its own; the caller closes it after the run
   * @param pipelineFactory makes the pipeline on the thread that calls {@link #run}, given where
   *     its notices go; the runner closes it
   * @param sinks closed by the run
   */
  public PipelineRunner(
      FrameSource source,
      Function<Consumer<Notice>, PerceptionPipeline> pipelineFactory,
      List<OutcomeSink> sinks,
      DeliveryMode mode) {
    this.source = source;
    this.pipelineFactory = pipelineFactory;
    this.mode = mode;
    this.mailbox = new FrameMailbox(mode, FRAMES_AHEAD);
    this.sinks = sinks.stream().map(sink -> new SinkQueue(sink, mode, RESULTS_AHEAD)).toList();
  }

  /**
   * Runs until the source ends, {@link #stop()} is called or, lossless, a sink fails.
   *
   * @throws RuntimeException what the pipeline threw: its machinery is broken
   */
  public Result run() {
    Thread reader = new Thread(this::read, "source");
    reader.start();
    boolean stoppedEarly;
    try (PerceptionPipeline pipeline = pipelineFactory.apply(this::tell)) {
      work(pipeline);
      stoppedEarly = stopping;
    } catch (InterruptedException e) {
      stoppedEarly = true;
      Thread.currentThread().interrupt();
    } finally {
      stopping = true;
      mailbox.abandon();
      Threads.joinUninterruptibly(
          reader); // the caller may close the source as soon as this returns
      sinks.forEach(SinkQueue::close);
      ended.countDown();
    }
    return new Result(ledger.counts(), stoppedEarly, failures());
  }

  /** Asks to end: no more frames are read, those under way are finished. Any thread. */
  public void stop() {
    stopping = true;
  }

  /**
   * Waits until the run has ended and the sinks are closed.
   *
   * @return false if that took longer
   */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The counts so far; any thread. */
  public Ledger ledger() {
    return ledger;
  }

  /** Results that live sinks were too slow for, by sink; any thread. */
  public long dropped(String sinkName) {
    return sinks.stream()
        .filter(sink -> sink.name().equals(sinkName))
        .mapToLong(SinkQueue::dropped)
        .sum();
  }

  private void read() {
    int told = 0;
    try {
      while (!stopping) {
        SourceItem item = source.next();
        told = tellWarningsFrom(told);
        if (item == null) {
          return;
        }
        ledger.open(item.id());
        if (!mailbox.put(item)) {
          ledger.close(turnedAway(item));
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) { // an Error must not look like the end of the recording
      sourceFailure = Failures.asRuntimeException(source.name(), e);
    } finally {
      mailbox.finish();
    }
  }

  /** Repairs are found while reading, so the list grows. */
  private int tellWarningsFrom(int told) {
    List<String> warnings = source.warnings();
    for (int i = told; i < warnings.size(); i++) {
      tell(Notice.warning(warnings.get(i)));
    }
    return Math.max(told, warnings.size());
  }

  private void work(PerceptionPipeline pipeline) throws InterruptedException {
    for (FrameMailbox.Mail mail = mailbox.take(); mail != null; mail = mailbox.take()) {
      FrameOutcome outcome = outcome(pipeline, mail);
      tellBeginning(pipeline);
      ledger.close(outcome);
      for (SinkQueue sink : sinks) {
        sink.offer(mail.item(), outcome);
        if (mode == DeliveryMode.LOSSLESS && sink.failure() != null) {
          stopping = true;
        }
      }
    }
  }

  private void tellBeginning(PerceptionPipeline pipeline) {
    if (pipeline instanceof RestartablePipeline restartable
        && restartable.beginning() != beginning) {
      beginning = restartable.beginning();
      sinks.forEach(SinkQueue::offerBeginAnew);
    }
  }

  private FrameOutcome outcome(PerceptionPipeline pipeline, FrameMailbox.Mail mail) {
    SourceItem item = mail.item();
    if (item instanceof SourceItem.Frame frame) {
      CameraFrame next = mailbox.upcoming();
      if (next != null) {
        pipeline.expect(next);
      }
      return pipeline.process(frame.frame());
    }
    Skipped.Reason reason = mail.late() ? Skipped.Reason.LATE : Skipped.Reason.REFUSED;
    String detail = item instanceof SourceItem.Refused refused ? refused.reason() : "";
    return new Skipped(item.id(), item.stamp(), reason, detail, StageTimings.none());
  }

  private static Skipped turnedAway(SourceItem item) {
    return new Skipped(
        item.id(),
        item.stamp(),
        Skipped.Reason.LATE,
        "the run ended before its turn",
        StageTimings.none());
  }

  private void tell(Notice notice) {
    sinks.forEach(sink -> sink.offer(notice));
  }

  private List<RuntimeException> failures() {
    List<RuntimeException> failures = new ArrayList<>();
    RuntimeException failedSource = sourceFailure;
    if (failedSource != null) {
      failures.add(failedSource);
    }
    for (SinkQueue sink : sinks) {
      RuntimeException failure = sink.failure();
      if (failure != null) {
        failures.add(failure);
      }
    }
    return failures;
  }
}
