package dev.parallax.nodes.runtime;

import java.util.Map;

/**
 * One figure at a time, as Prometheus knows them.
 *
 * @param name letters, digits and underscores, with the unit at its end; {@code _total} makes it a
 *     counter, anything else a gauge
 * @param help one line for people
 * @param labels what tells it from others of the same name
 */
public record Metric(String name, String help, Map<String, String> labels, double value) {
  private static final String COUNTER = "_total";

  public Metric {
    if (!name.matches("[a-zA-Z_][a-zA-Z0-9_]*")) {
      throw new IllegalArgumentException("No name of a metric: " + name);
    }
    labels = Map.copyOf(labels);
  }

  public boolean isCounter() {
    return name.endsWith(COUNTER);
  }
}
