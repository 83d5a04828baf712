package dev.parallax.nodes.runtime;

import com.sun.management.ThreadMXBean;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.cpu.CpuKernels;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Times the pipeline on frames that are already in memory, beside plain dense flow on the same
 * frames, the two taking turns frame by frame so that a busy machine slows both alike.
 */
public final class SpeedTrial {
  private final PipelineFactory pipelines;
  private final PipelineConfig config;
  private final int rounds;

  /**
   * What was measured.
   *
   * @param frames how many were counted
   * @param stages durations of each stage over all counted frames
   * @param plainFlow durations of plain dense flow on the same frames
   * @param framesPerSecond of the pipeline alone, from its own time
   * @param allocatedBytesPerFrame by all threads together while the pipeline worked
   * @param publishedShare share of the frames that were published, 0..1: skipped frames are cheap
   */
  public record Result(
      long frames,
      Map<Stage, LatencyHistogram> stages,
      LatencyHistogram plainFlow,
      double framesPerSecond,
      double allocatedBytesPerFrame,
      double publishedShare) {}

  /**
   * @param rounds counted runs over all frames, each with a fresh pipeline; one more comes first
   *     and is not counted, to warm up
   */
  public SpeedTrial(PipelineFactory pipelines, PipelineConfig config, int rounds) {
    if (rounds < 1) {
      throw new IllegalArgumentException("At least one round is needed, got " + rounds);
    }
    this.pipelines = pipelines;
    this.config = config;
    this.rounds = rounds;
  }

  /**
   * @param frames at least two, of one size
   * @param progress told how many frames are done, the warm-up's included
   */
  public Result run(List<CameraFrame> frames, LongConsumer progress) {
    List<byte[]> greys = frames.stream().map(frame -> PlainFlow.grey(frame.picture())).toList();
    Tally tally = new Tally();
    try (PerceptionKernels kernels = new CpuKernels(1)) {
      for (int round = 0; round <= rounds; round++) {
        boolean counts = round > 0;
        long doneBefore = (long) round * frames.size();
        try (PerceptionPipeline pipeline = pipelines.create(config, notice -> {});
            PlainFlow plain =
                new PlainFlow(
                    kernels, frames.get(0).picture().width(), frames.get(0).picture().height())) {
          plain.begin(greys.get(0));
          for (int i = 0; i < frames.size(); i++) {
            tally.pipeline(pipeline, frames.get(i), counts);
            if (i > 0) {
              tally.plain(plain, greys.get(i), counts);
            }
            progress.accept(doneBefore + i + 1);
          }
        }
      }
    }
    return tally.result();
  }

  /** Sums over the counted rounds. */
  private static final class Tally {
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Map<Stage, LatencyHistogram> stages = new EnumMap<>(Stage.class);
    private final LatencyHistogram plainFlow = new LatencyHistogram();
    private long frames;
    private long published;
    private long pipelineNs;
    private long allocatedBytes;

    void pipeline(PerceptionPipeline pipeline, CameraFrame frame, boolean counts) {
      long allocatedBefore = allocatedByAllThreads();
      long startNs = System.nanoTime();
      FrameOutcome outcome = pipeline.process(frame);
      long tookNs = System.nanoTime() - startNs;
      long allocated = allocatedByAllThreads() - allocatedBefore;
      if (!counts) {
        return;
      }
      frames++;
      published += outcome instanceof Estimated ? 1 : 0;
      pipelineNs += tookNs;
      allocatedBytes += allocated;
      for (Stage stage : Stage.values()) {
        stages
            .computeIfAbsent(stage, s -> new LatencyHistogram())
            .add(outcome.timings().millis(stage));
      }
    }

    void plain(PlainFlow plain, byte[] grey, boolean counts) {
      long startNs = System.nanoTime();
      plain.next(grey);
      long tookNs = System.nanoTime() - startNs;
      if (counts) {
        plainFlow.add(tookNs / 1e6);
      }
    }

    Result result() {
      return new Result(
          frames,
          stages,
          plainFlow,
          frames / (pipelineNs / 1e9),
          (double) allocatedBytes / frames,
          (double) published / frames);
    }

    /** Threads that ended are no longer counted; the pipeline's own live as long as it does. */
    private long allocatedByAllThreads() {
      long sum = 0;
      for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
        sum += Math.max(0, bytes);
      }
      return sum;
    }
  }
}
