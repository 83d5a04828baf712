package dev.parallax.nodes.kafka;

import dev.parallax.nodes.runtime.LatencyHistogram;
import dev.parallax.nodes.runtime.Metric;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The node's ledger: a frame is counted in when it is taken and has its one outcome when the
 * transaction is committed; what a failed transaction gives back is not of this node any more.
 * Thread-safe.
 */
public final class NodeCounts {
  private final Map<String, Long> outcomes = new TreeMap<>();
  private final LatencyHistogram frameMs = new LatencyHistogram();
  private final LatencyHistogram commitMs = new LatencyHistogram();
  private long in;
  private long committed;
  private long workedAgain;
  private long failedTransactions;

  /**
   * The counts at a time.
   *
   * @param outcomes by name: {@code published}, {@code lost}, {@code skipped late}, {@code dead
   *     letter GARBAGE}, ...
   * @param workedAgain frames that were only worked through to come back to a session
   */
  public record Snapshot(
      long in,
      long committed,
      long inFlight,
      Map<String, Long> outcomes,
      long workedAgain,
      long failedTransactions,
      double frameP50Ms,
      double frameP99Ms,
      double commitP50Ms,
      double commitP99Ms) {

    /** Whether each frame that was taken and kept has exactly one outcome or is in flight. */
    public boolean balances() {
      long sum = outcomes.values().stream().mapToLong(Long::longValue).sum();
      return sum == committed && in == committed + inFlight;
    }

    List<Metric> metrics(String node) {
      List<Metric> metrics = new ArrayList<>();
      Map<String, String> labels = Map.of("node", node);
      metrics.add(new Metric("parallax_kafka_frames_in_total", "Frames taken", labels, in));
      outcomes.forEach(
          (name, count) ->
              metrics.add(
                  new Metric(
                      "parallax_kafka_frames_total",
                      "Frames by what became of them, committed",
                      Map.of("node", node, "outcome", name),
                      count)));
      metrics.add(
          new Metric("parallax_kafka_frames_in_flight", "Taken, not committed", labels, inFlight));
      metrics.add(
          new Metric(
              "parallax_kafka_frames_again_total",
              "Frames worked on again to come back to a session",
              labels,
              workedAgain));
      metrics.add(
          new Metric(
              "parallax_kafka_transactions_failed_total",
              "Transactions that did not go through; their frames were worked on again",
              labels,
              failedTransactions));
      quantiles(metrics, node, "frame", "Work on a frame", frameP50Ms, frameP99Ms);
      quantiles(metrics, node, "commit", "Commit of a transaction", commitP50Ms, commitP99Ms);
      return metrics;
    }

    private static void quantiles(
        List<Metric> metrics, String node, String what, String help, double p50, double p99) {
      String name = "parallax_kafka_%s_seconds".formatted(what);
      metrics.add(new Metric(name, help, Map.of("node", node, "quantile", "0.5"), p50 / 1e3));
      metrics.add(new Metric(name, help, Map.of("node", node, "quantile", "0.99"), p99 / 1e3));
    }
  }

  synchronized void taken(long frames) {
    in += frames;
  }

  synchronized void givenBack(long frames) {
    in -= frames;
    failedTransactions++;
  }

  synchronized void workedAgain() {
    workedAgain++;
  }

  synchronized void committed(WorkedFrame worked) {
    committed++;
    outcomes.merge(name(worked), 1L, Long::sum);
    frameMs.add(worked.outcome().timings().millis(Stage.TOTAL));
  }

  synchronized void transactionTook(double millis) {
    commitMs.add(millis);
  }

  public synchronized Snapshot snapshot() {
    return new Snapshot(
        in,
        committed,
        in - committed,
        new TreeMap<>(outcomes),
        workedAgain,
        failedTransactions,
        frameMs.quantileMs(0.5),
        frameMs.quantileMs(0.99),
        commitMs.quantileMs(0.5),
        commitMs.quantileMs(0.99));
  }

  private static String name(WorkedFrame worked) {
    DeadLetter letter = worked.deadLetter();
    if (letter != null) {
      return "dead letter " + letter.reason();
    }
    if (worked.outcome() instanceof Estimated) {
      return "published";
    }
    if (worked.outcome() instanceof Lost) {
      return "lost";
    }
    return worked.outcome() instanceof Skipped s
        ? "skipped " + s.reason().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ')
        : "unknown";
  }
}
