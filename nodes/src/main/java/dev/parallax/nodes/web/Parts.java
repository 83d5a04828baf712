package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.Observed;
import java.util.List;

/** What runs beside the page, for {@code /health} and {@code /metrics}. */
record Parts(List<Observed> observed) {
  Parts {
    observed = List.copyOf(observed);
  }
}
