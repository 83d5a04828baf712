package dev.parallax.proto;

import java.util.List;

/** {@code proto/README.md}, made from the comments of the contract. */
final class ContractPage {
  private static final String BEGIN =
      """
      # The message contract

      What goes over Kafka and into recordings. Made from the comments in `src/main/proto` by
      `mvn -q -o -pl proto test -Dparallax.contract.update=true`; a test holds it against them.

      `foxglove` messages are wire-compatible with the public schemas of the same name, so that
      Foxglove shows them unchanged; `parallax.v1` is our own. Numbers are never reused and types
      never changed: `src/test/resources/contract.txt` remembers every one that was ever given.
      Frames: odom is x forward, y left, z up; a camera's optical frame is x right, y down,
      z forward. "Relative units" stand where metres would, while the scale is `relative`.
      """;

  private ContractPage() {}

  static String of(Contract contract) {
    StringBuilder page = new StringBuilder(BEGIN);
    for (Contract.Message m : contract.messages()) {
      head(page, m.name(), m.file(), m.comment());
      page.append("| no. | field | type | meaning |\n|---|---|---|---|\n");
      for (Contract.Field f : m.fields()) {
        row(page, f.number() + " | `" + f.name() + "` | " + f.type() + " | " + line(f.comment()));
      }
    }
    for (Contract.Enumeration e : contract.enumerations()) {
      head(page, e.name(), e.file(), e.comment());
      page.append("| no. | value | meaning |\n|---|---|---|\n");
      List<Contract.Field> values = e.values();
      values.forEach(v -> row(page, v.number() + " | `" + v.name() + "` | " + line(v.comment())));
    }
    return page.toString();
  }

  private static void head(StringBuilder page, String name, String file, String comment) {
    page.append("\n## ").append(name).append('\n');
    page.append(line(comment)).append(" (`").append(file).append("`)\n\n");
  }

  private static void row(StringBuilder page, String cells) {
    page.append("| ").append(cells).append(" |\n");
  }

  private static String line(String comment) {
    return comment.replaceAll("\\s+", " ").replace("|", "\\|").trim();
  }
}
