package dev.parallax.nodes.runtime;

import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the promise of one outcome for each frame: a frame is opened as it comes from the source
 * and closed by its outcome, and the counts balance at any time. Thread-safe.
 */
public final class Ledger {
  private final Set<FrameId> open = new HashSet<>();
  private final Map<Skipped.Reason, Long> skipped = new EnumMap<>(Skipped.Reason.class);
  private final Map<Stage, LatencyHistogram> latencies = new EnumMap<>(Stage.class);
  private long in;
  private long published;
  private long lost;

  /**
   * What became of the frames so far.
   *
   * @param inFlight frames that came in and have no outcome yet
   */
  public record Counts(
      long in, long published, Map<Skipped.Reason, Long> skipped, long lost, long inFlight) {
    public Counts {
      skipped = Map.copyOf(skipped);
      long total = published + lost + inFlight;
      for (long n : skipped.values()) {
        total += n;
      }
      if (in != total) {
        throw new IllegalStateException(
            "Ledger does not balance: %d frames in, %d accounted for".formatted(in, total));
      }
    }

    public long skippedInAll() {
      return skipped.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** A stage's durations over all frames so far, milliseconds. */
  public record StageLatency(Stage stage, long count, double p50Ms, double p99Ms, double p999Ms) {}

  /** A frame came from the source. */
  public synchronized void open(FrameId id) {
    if (!open.add(id)) {
      throw new IllegalStateException("Frame came in twice: " + id);
    }
    in++;
  }

  /**
   * A frame's outcome is known.
   *
   * @throws IllegalStateException if the frame never came in or already has an outcome
   */
  public synchronized void close(FrameOutcome outcome) {
    if (!open.remove(outcome.id())) {
      throw new IllegalStateException("Outcome of a frame that is not open: " + outcome.id());
    }
    if (outcome instanceof Estimated) {
      published++;
    } else if (outcome instanceof Skipped s) {
      skipped.merge(s.reason(), 1L, Long::sum);
    } else if (outcome instanceof Lost) {
      lost++;
    }
    for (Stage stage : Stage.values()) {
      latencies
          .computeIfAbsent(stage, s -> new LatencyHistogram())
          .add(outcome.timings().millis(stage));
    }
  }

  public synchronized Counts counts() {
    return new Counts(in, published, skipped, lost, open.size());
  }

  /** The stages that ran at least once, in the order of the path. */
  public synchronized Map<Stage, StageLatency> latencies() {
    Map<Stage, StageLatency> result = new EnumMap<>(Stage.class);
    latencies.forEach(
        (stage, h) -> {
          if (h.count() > 0) {
            result.put(
                stage,
                new StageLatency(
                    stage, h.count(), h.quantileMs(0.5), h.quantileMs(0.99), h.quantileMs(0.999)));
          }
        });
    return result;
  }
}
