package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.Metric;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Produces;
import java.util.ArrayList;
import java.util.List;

/** The figures of the page and of what runs beside it, for Prometheus. */
@Controller("/metrics")
class MetricsController {
  private final Parts parts;

  MetricsController(Parts parts) {
    this.parts = parts;
  }

  @Get
  @Produces(PrometheusText.CONTENT_TYPE)
  String metrics() {
    List<Metric> all = new ArrayList<>();
    parts.observed().forEach(part -> all.addAll(part.metrics()));
    return PrometheusText.of(all);
  }
}
