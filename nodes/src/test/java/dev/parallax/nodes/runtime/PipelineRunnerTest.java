package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.source.DelegatingSource;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PipelineRunnerTest {
  private final RecordingSink sink = new RecordingSink();

  @Test
  void aReplayGivesEveryFrameToTheSinkOnceAndInOrder() {
    List<SourceItem> items = frames(30);
    items.set(7, TestFrames.refused(7));

    PipelineRunner.Result result = runner(items, fake(), DeliveryMode.LOSSLESS).run();

    assertThat(sink.outcomes).extracting(o -> o.id().sequence()).hasSize(30).isSorted();
    assertThat(result.counts().in()).isEqualTo(30);
    assertThat(result.counts().published()).isEqualTo(29);
    assertThat(result.counts().skipped()).containsEntry(Skipped.Reason.REFUSED, 1L);
    assertThat(result.counts().inFlight()).isZero();
    assertThat(result.stopped()).isFalse();
    assertThat(result.failures()).isEmpty();
    assertThat(sink.closed).isTrue();
    assertThat(((Skipped) sink.outcomes.get(7)).detail()).isEqualTo("picture.png: cut short");
  }

  @Test
  void aFrameThatWaitsIsToldOfWhileTheOneBeforeItIsInWork() {
    CountDownLatch allRead = new CountDownLatch(1);
    List<SourceItem> items = frames(5);
    items.set(3, TestFrames.refused(3));
    List<String> told = new ArrayList<>();
    FrameSource source = signallingEnd(TestFrames.source(items), allRead);
    new PipelineRunner(
            source,
            unused ->
                new FakePipeline() {
                  @Override
                  public void expect(CameraFrame next) {
                    told.add("expected " + next.id().sequence());
                  }

                  @Override
                  public FrameOutcome process(CameraFrame frame) {
                    told.add("in work " + frame.id().sequence());
                    awaitUnchecked(allRead); // from the second frame on all wait in the mailbox
                    return super.process(frame);
                  }
                },
            List.of(sink),
            DeliveryMode.LOSSLESS)
        .run();

    told.removeIf(line -> line.equals("expected 1")); // whether it was read in time
    assertThat(told)
        .containsExactly("in work 0", "expected 2", "in work 1", "in work 2", "in work 4");
  }

  @Test
  void noticesOfSourceAndPipelineReachTheSink() {
    runner(frames(2), fake(), DeliveryMode.LOSSLESS).run();
    assertThat(sink.notices)
        .extracting(Notice::message)
        .containsExactlyInAnyOrder("test data", "scale: relative");
  }

  @Test
  void aSlowLivePipelineSkipsLateFramesAndStillBalances() {
    CountDownLatch allRead = new CountDownLatch(1);
    FrameSource source = signallingEnd(TestFrames.source(frames(10)), allRead);
    PipelineRunner runner =
        new PipelineRunner(
            source,
            told ->
                new FakePipeline() {
                  @Override
                  public FrameOutcome process(CameraFrame frame) {
                    awaitUnchecked(allRead); // the first frame is still in work at the end
                    return super.process(frame);
                  }
                },
            List.of(sink),
            DeliveryMode.LIVE);

    Ledger.Counts counts = runner.run().counts();

    assertThat(counts.published() + counts.skippedInAll()).isEqualTo(10);
    assertThat(counts.skipped().get(Skipped.Reason.LATE)).isBetween(8L, 9L);
    assertThat(counts.inFlight()).isZero();
    assertThat(sink.outcomes).extracting(o -> o.id().sequence()).isSorted();
  }

  @Test
  void aStoppedRunFinishesWhatIsUnderWay() {
    List<PipelineRunner> holder = new ArrayList<>();
    PipelineRunner runner =
        runner(
            frames(1000),
            told ->
                new FakePipeline() {
                  @Override
                  public FrameOutcome process(CameraFrame frame) {
                    if (frame.id().sequence() == 5) {
                      holder.get(0).stop();
                    }
                    return super.process(frame);
                  }
                },
            DeliveryMode.LOSSLESS);
    holder.add(runner);

    PipelineRunner.Result result = runner.run();

    assertThat(result.stopped()).isTrue();
    assertThat(result.counts().in()).isBetween(6L, 20L);
    assertThat(result.counts().published()).isEqualTo(result.counts().in());
    assertThat(sink.outcomes).hasSize((int) result.counts().in());
    assertThat(sink.closed).isTrue();
  }

  @Test
  void aFailedSinkEndsAReplayAndIsNamed() {
    sink.failAfter = 3;
    PipelineRunner.Result result = runner(frames(1000), fake(), DeliveryMode.LOSSLESS).run();
    assertThat(result.failures())
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessage("disk full"));
    assertThat(result.stopped()).isTrue();
    assertThat(result.counts().in()).isLessThan(100);
  }

  @Test
  void aSourceThatBreaksIsAFailureAndNotTheEndOfTheRecording() {
    FrameSource breaking =
        new DelegatingSource(TestFrames.source(frames(10))) {
          private int n;

          @Override
          public SourceItem next() {
            if (n++ == 4) {
              throw new LinkageError("no decoder");
            }
            return super.next();
          }
        };
    PipelineRunner.Result result =
        new PipelineRunner(breaking, fake(), List.of(sink), DeliveryMode.LOSSLESS).run();
    assertThat(sink.outcomes).hasSize(4);
    assertThat(result.failures())
        .singleElement()
        .satisfies(e -> assertThat(e).hasMessageContaining("no decoder"));
  }

  @Test
  void aBrokenPipelineEndsTheRunWithItsReasonAndClosesTheSinks() {
    PipelineRunner runner =
        runner(
            frames(1000),
            told ->
                new FakePipeline() {
                  @Override
                  public FrameOutcome process(CameraFrame frame) {
                    throw new IllegalStateException("device gone");
                  }
                },
            DeliveryMode.LOSSLESS);
    assertThatThrownBy(runner::run).hasMessage("device gone");
    assertThat(sink.closed).isTrue();
  }

  private PipelineRunner runner(
      List<SourceItem> items,
      Function<Consumer<Notice>, PerceptionPipeline> pipeline,
      DeliveryMode mode) {
    return new PipelineRunner(TestFrames.source(items), pipeline, List.of(sink), mode);
  }

  private static List<SourceItem> frames(int n) {
    List<SourceItem> items = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      items.add(TestFrames.frame(i));
    }
    return items;
  }

  private static Function<Consumer<Notice>, PerceptionPipeline> fake() {
    return told -> {
      told.accept(Notice.info("scale: relative"));
      return new FakePipeline();
    };
  }

  private static FrameSource signallingEnd(FrameSource source, CountDownLatch end) {
    return new DelegatingSource(source) {
      @Override
      public SourceItem next() {
        SourceItem item = super.next();
        if (item == null) {
          end.countDown();
        }
        return item;
      }
    };
  }

  private static void awaitUnchecked(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Answers every frame with a constant estimate. */
  private static class FakePipeline implements PerceptionPipeline {
    @Override
    public FrameOutcome process(CameraFrame frame) {
      return TestFrames.estimated(new SourceItem.Frame(frame), 2, OccupancyDelta.none(0.05));
    }

    @Override
    public void close() {}
  }
}
