package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.Ledger;
import dev.parallax.nodes.runtime.Ledger.StageLatency;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeMap;

/** What a run says when it is over, as plain text. */
final class RunSummary {
  private RunSummary() {}

  static String text(Ledger.Counts counts, Collection<StageLatency> latencies, double elapsedS) {
    StringBuilder out = new StringBuilder();
    append(
        out,
        "frames   %d in = %d published + %d skipped%s + %d lost%n",
        counts.in(),
        counts.published(),
        counts.skippedInAll(),
        reasons(counts),
        counts.lost());
    if (counts.inFlight() > 0) {
      append(out, "         and %d without an outcome%n", counts.inFlight());
    }
    append(out, "speed    %.1f frames/s, %.1f s in all%n", counts.in() / elapsedS, elapsedS);
    if (!latencies.isEmpty()) {
      append(out, "stage           p50 ms    p99 ms%n");
      for (StageLatency s : latencies) {
        String name = s.stage().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        append(out, "  %-12s %7.2f   %7.2f%n", name, s.p50Ms(), s.p99Ms());
      }
    }
    return out.toString();
  }

  private static String reasons(Ledger.Counts counts) {
    StringBuilder reasons = new StringBuilder();
    new TreeMap<>(counts.skipped())
        .forEach(
            (reason, n) ->
                reasons
                    .append(reasons.length() == 0 ? " (" : ", ")
                    .append(reason.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                    .append(' ')
                    .append(n));
    return reasons.length() == 0 ? "" : reasons.append(')').toString();
  }

  private static void append(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values));
  }
}
