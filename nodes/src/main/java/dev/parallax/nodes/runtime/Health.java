package dev.parallax.nodes.runtime;

import java.util.Map;

/**
 * How a part is.
 *
 * @param up whether it does its work; a supervisor may restart what is down for long
 * @param details what a person would ask next, by name; no secrets
 */
public record Health(boolean up, Map<String, Object> details) {
  public Health {
    details = Map.copyOf(details);
  }
}
