package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LoopTest {
  /** Fewer than the frames that are read ahead, so that several rounds wait at once. */
  private static final int FRAMES = 3;

  private final List<String> events = new ArrayList<>();
  private int pipelines;

  @Test
  void eachRoundBeginsWithANewPipelineAndTellsTheSinks() {
    RestartablePipeline pipeline = new RestartablePipeline(Counting::new);
    LoopedSource source = new LoopedSource(() -> TestFrames.source(frames()), pipeline::restart);
    Stopping sink = new Stopping();
    PipelineRunner runner =
        new PipelineRunner(source, notices -> pipeline, List.of(sink), DeliveryMode.LOSSLESS);
    sink.runner = runner;
    runner.run();
    assertThat(events.subList(0, 12))
        .containsExactly(
            "0 by 1", "1 by 1", "2 by 1", "anew", //
            "3 by 2", "4 by 2", "5 by 2", "anew", //
            "6 by 3", "7 by 3", "8 by 3", "anew");
  }

  private static List<SourceItem> frames() {
    List<SourceItem> frames = new ArrayList<>();
    for (int i = 0; i < FRAMES; i++) {
      frames.add(TestFrames.frame(i));
    }
    return frames;
  }

  /** Tells by the depth which of all pipelines it is. */
  private final class Counting implements PerceptionPipeline {
    private final int number = ++pipelines;

    @Override
    public FrameOutcome process(CameraFrame frame) {
      return TestFrames.estimated(new SourceItem.Frame(frame), number, OccupancyDelta.none(0.1));
    }

    @Override
    public void close() {}
  }

  /** Writes down what it is given and ends the run after some rounds. */
  private final class Stopping implements OutcomeSink {
    private PipelineRunner runner;

    @Override
    public String name() {
      return "stopping";
    }

    @Override
    public void accept(SourceItem item, FrameOutcome outcome) {
      int pipeline = (int) ((FrameOutcome.Estimated) outcome).depth().depthM()[0];
      events.add(outcome.id().sequence() + " by " + pipeline);
      if (outcome.id().sequence() == 4 * FRAMES) {
        runner.stop();
      }
    }

    @Override
    public void beginAnew() {
      events.add("anew");
    }

    @Override
    public void accept(Notice notice) {}

    @Override
    public void close() {}
  }
}
