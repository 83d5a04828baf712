package dev.parallax.nodes.cli;

import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagSummary;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What {@code bag info} prints about one recording.
 *
 * @param text in full, ends with a line break
 * @param warnings of damage found
 */
record BagReport(String text, List<String> warnings) {
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /**
   * @param bytes size of the file
   */
  static BagReport of(Bag bag, long bytes) {
    BagSummary summary = bag.summary();
    StringBuilder out = new StringBuilder();
    line(out, "path", bag.path().toString());
    line(out, "format", bag.format() + storage(summary.chunks()));
    line(out, "size", size(bytes));
    if (summary.messageCount() > 0) {
      line(out, "start", moment(summary.start().nanos()));
      line(out, "end", moment(summary.end().nanos()));
      line(out, "duration", String.format(Locale.ROOT, "%.2f s", summary.durationS()));
    }
    line(out, "messages", Long.toString(summary.messageCount()));
    appendTopics(out, summary.topics());
    line(out, "replay", Bags.describePlay(bag));
    return new BagReport(out.toString(), bag.warnings()); // last: describing finds damage too
  }

  private static void appendTopics(StringBuilder out, List<BagSummary.Topic> topics) {
    int widest = topics.stream().mapToInt(topic -> topic.name().length()).max().orElse(0);
    String label = "topics";
    for (BagSummary.Topic topic : topics) {
      String rate =
          Double.isNaN(topic.rateHz()) ? "" : String.format(Locale.ROOT, "%.1f Hz", topic.rateHz());
      line(
          out,
          label,
          String.format(
                  Locale.ROOT,
                  "%-" + Math.max(1, widest) + "s %8d  %10s  %s [%s]",
                  topic.name(),
                  topic.count(),
                  rate,
                  topic.type(),
                  topic.encoding())
              .stripTrailing());
      label = "";
    }
  }

  private static String storage(Map<String, Long> chunks) {
    return chunks.isEmpty()
        ? ""
        : new TreeMap<>(chunks)
            .entrySet().stream()
                .map(
                    e ->
                        "%d chunk%s %s"
                            .formatted(e.getValue(), e.getValue() == 1 ? "" : "s", e.getKey()))
                .collect(Collectors.joining(", ", ", ", ""));
  }

  private static String size(long bytes) {
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private static String moment(long nanos) {
    return String.format(
        Locale.ROOT,
        "%s (%d.%09d)",
        UTC.format(Instant.ofEpochSecond(0, nanos)),
        nanos / 1_000_000_000L,
        nanos % 1_000_000_000L);
  }

  private static void line(StringBuilder out, String label, String value) {
    out.append(String.format(Locale.ROOT, "%-9s %s%n", label, value));
  }
}
