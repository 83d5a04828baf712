package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Metrics in Prometheus' text format, version 0.0.4. */
final class PrometheusText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private PrometheusText() {}

  /** All samples of a name stand together, as the format wants, in the order they first came. */
  static String of(List<Metric> metrics) {
    Map<String, List<Metric>> families = new LinkedHashMap<>();
    metrics.forEach(m -> families.computeIfAbsent(m.name(), n -> new ArrayList<>()).add(m));
    StringBuilder text = new StringBuilder();
    families.forEach(
        (name, samples) -> {
          Metric first = samples.get(0);
          text.append("# HELP %s %s\n".formatted(name, escaped(first.help())));
          text.append("# TYPE %s %s\n".formatted(name, first.isCounter() ? "counter" : "gauge"));
          samples.forEach(sample -> text.append(line(sample)));
        });
    return text.toString();
  }

  private static String line(Metric sample) {
    String labels =
        new TreeMap<>(sample.labels())
            .entrySet().stream()
                .map(e -> "%s=\"%s\"".formatted(e.getKey(), quoted(e.getValue())))
                .collect(Collectors.joining(","));
    return "%s%s %s\n"
        .formatted(
            sample.name(), labels.isEmpty() ? "" : "{" + labels + "}", number(sample.value()));
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    return Double.toString(value);
  }

  private static String escaped(String help) {
    return help.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String quoted(String value) {
    return escaped(value).replace("\"", "\\\"");
  }
}
