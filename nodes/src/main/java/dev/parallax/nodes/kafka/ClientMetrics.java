package dev.parallax.nodes.kafka;

import dev.parallax.nodes.runtime.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.MetricName;

/**
 * The figures that Kafka's clients keep of themselves, under names as Prometheus wants them: {@code
 * records-lag-max} of {@code consumer-fetch-manager-metrics} becomes {@code
 * kafka_consumer_fetch_manager_records_lag_max}. What is no number, or none yet, is left out.
 */
final class ClientMetrics {
  private static final String GROUP_END = "-metrics";

  private ClientMetrics() {}

  static List<Metric> of(Map<MetricName, ? extends org.apache.kafka.common.Metric> client) {
    List<Metric> metrics = new ArrayList<>();
    client.forEach(
        (name, metric) -> {
          if (metric.metricValue() instanceof Number n && !Double.isNaN(n.doubleValue())) {
            metrics.add(metric(name, n.doubleValue()));
          }
        });
    return metrics;
  }

  private static Metric metric(MetricName name, double value) {
    String group = name.group();
    String stem =
        group.endsWith(GROUP_END) ? group.substring(0, group.length() - GROUP_END.length()) : group;
    Map<String, String> labels = new HashMap<>();
    name.tags().forEach((key, text) -> labels.put(plain(key), text));
    String full = plain("kafka_" + stem + "_" + name.name());
    return new Metric(full, oneLine(name.description()), labels, value);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }
}
