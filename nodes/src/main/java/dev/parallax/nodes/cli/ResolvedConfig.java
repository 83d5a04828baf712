package dev.parallax.nodes.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options a run was made with, as the lines of a flat YAML file. */
final class ResolvedConfig {
  private final List<String> lines = new ArrayList<>();

  /** Adds a line; nothing for null. Numbers and booleans stay bare, all else is quoted. */
  ResolvedConfig put(String key, @Nullable Object value) {
    if (value != null) {
      boolean bare = value instanceof Number || value instanceof Boolean;
      lines.add(key + ": " + (bare ? value : quoted(value.toString())));
    }
    return this;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
