package dev.parallax.nodes.fleet;

import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose results are watched.
 *
 * @param broker for people: where the results come from
 * @param namespaces of the groups of nodes; the first is the one that a shadow is held against
 * @param shadow namespace of the group that works on the same frames in another way; null for none
 */
public record FleetConfig(String broker, List<String> namespaces, @Nullable String shadow) {
  public FleetConfig {
    namespaces = List.copyOf(namespaces);
    if (namespaces.isEmpty()) {
      throw new IllegalArgumentException("A fleet has at least one namespace");
    }
    if (namespaces.get(0).equals(shadow)) {
      throw new IllegalArgumentException(
          "The shadow's namespace is the one it is held against: " + shadow);
    }
  }

  /** The namespace that a shadow is held against. */
  public String first() {
    return namespaces.get(0);
  }

  /** All that is read, each once. */
  public List<String> all() {
    LinkedHashSet<String> all = new LinkedHashSet<>(namespaces);
    if (shadow != null) {
      all.add(shadow);
    }
    return List.copyOf(all);
  }

  /** Whether every depth of a namespace is wanted, rather than one now and then for its picture. */
  public boolean comparesDepthOf(String namespace) {
    return shadow != null && (namespace.equals(shadow) || namespace.equals(first()));
  }
}
