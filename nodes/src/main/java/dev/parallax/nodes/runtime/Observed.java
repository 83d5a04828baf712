package dev.parallax.nodes.runtime;

import java.util.List;

/** A running part that can say how it is, for {@code /health} and {@code /metrics}. Any thread. */
public interface Observed {
  /** Short name of the part, such as {@code kafka}. */
  String name();

  Health health();

  List<Metric> metrics();
}
