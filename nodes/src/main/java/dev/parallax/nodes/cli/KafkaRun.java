package dev.parallax.nodes.cli;

import dev.parallax.nodes.kafka.KafkaNode;
import dev.parallax.nodes.kafka.NodeCounts;
import java.io.PrintWriter;
import java.time.Duration;

/** Runs a node until Ctrl-C and says what became of the frames. */
final class KafkaRun {
  /** What a supervisor should give a node to leave its group: see the systemd unit. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

  private final KafkaNode node;
  private final PrintWriter out;
  private boolean concluded;

  KafkaRun(KafkaNode node, PrintWriter out) {
    this.node = node;
    this.out = out;
  }

  int run() {
    Thread hook = new Thread(this::stop, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      node.run();
      return conclude();
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The JVM is already going down: the hook is running and ends by itself.
      }
    }
  }

  private void stop() {
    node.stop();
    try {
      if (!node.awaitEnd(STOP_PATIENCE)) {
        System.err.println("parallax: gave up waiting for the group to be left");
      }
      int unused = conclude(); // the JVM goes down before the main thread could
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized int conclude() {
    NodeCounts.Snapshot counts = node.counts();
    if (!concluded) {
      concluded = true;
      print(counts);
    }
    return counts.balances() && counts.inFlight() == 0 ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private void print(NodeCounts.Snapshot counts) {
    out.printf("frames   %d in = %d committed%n", counts.in(), counts.committed());
    counts.outcomes().forEach((name, n) -> out.printf("         %d %s%n", n, name));
    if (counts.workedAgain() > 0 || counts.failedTransactions() > 0) {
      out.printf(
          "again    %d frames to come back to a session; %d transactions failed%n",
          counts.workedAgain(), counts.failedTransactions());
    }
    out.printf(
        "frame    p50 %.1f ms, p99 %.1f ms; commit p50 %.1f ms, p99 %.1f ms%n",
        counts.frameP50Ms(), counts.frameP99Ms(), counts.commitP50Ms(), counts.commitP99Ms());
    out.flush();
  }
}
