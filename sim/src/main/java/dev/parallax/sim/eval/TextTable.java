package dev.parallax.sim.eval;

import java.util.List;
import java.util.Locale;

/** An evaluation as aligned plain text: measure, value, unit, note. */
public final class TextTable {
  private TextTable() {}

  /** The report as lines, each ended by a newline. */
  public static String of(EvalReport report) {
    StringBuilder out = new StringBuilder();
    List<Measure> measures = report.measures();
    int nameWidth = measures.stream().mapToInt(m -> m.name().length()).max().orElse(0);
    int valueWidth = measures.stream().mapToInt(m -> format(m.value()).length()).max().orElse(0);
    int unitWidth = measures.stream().mapToInt(m -> m.unit().length()).max().orElse(0);
    String group = "";
    for (Measure m : measures) {
      if (!m.group().equals(group)) {
        group = m.group();
        out.append(group).append('\n');
      }
      String line =
          "  %s  %s  %s  %s"
              .formatted(
                  left(m.name(), nameWidth),
                  right(format(m.value()), valueWidth),
                  left(m.unit(), unitWidth),
                  m.note());
      out.append(line.stripTrailing()).append('\n');
    }
    if (!report.missing().isEmpty()) {
      out.append("not judged\n");
      report.missing().forEach(line -> out.append("  ").append(line).append('\n'));
    }
    return out.toString();
  }

  /** Four significant digits for small numbers, none after the point for large ones. */
  static String format(double value) {
    double size = Math.abs(value);
    int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String left(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String right(String text, int width) {
    return " ".repeat(width - text.length()) + text;
  }
}
