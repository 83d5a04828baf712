package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.Health;
import dev.parallax.nodes.runtime.Observed;
import io.micronaut.core.async.publisher.Publishers;
import io.micronaut.health.HealthStatus;
import io.micronaut.management.health.indicator.HealthIndicator;
import io.micronaut.management.health.indicator.HealthResult;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.Map;
import org.reactivestreams.Publisher;

/** What runs beside the page, in {@code /health}: down if one part is down. */
@Singleton
class PartsHealth implements HealthIndicator {
  private final Parts parts;

  PartsHealth(Parts parts) {
    this.parts = parts;
  }

  @Override
  public Publisher<HealthResult> getResult() {
    Map<String, Object> details = new LinkedHashMap<>();
    boolean up = true;
    for (Observed part : parts.observed()) {
      Health health = part.health();
      up &= health.up();
      details.put(part.name(), health.details());
    }
    return Publishers.just(
        HealthResult.builder("parts", up ? HealthStatus.UP : HealthStatus.DOWN)
            .details(details)
            .build());
  }
}
