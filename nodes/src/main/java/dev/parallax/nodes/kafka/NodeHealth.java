package dev.parallax.nodes.kafka;

import dev.parallax.nodes.runtime.Health;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is known of a node from outside of its thread: is it in the group, does it get through. */
final class NodeHealth {
  private final String group;
  private final TreeSet<Integer> partitions = new TreeSet<>();
  private boolean inGroup;
  private @Nullable String trouble;

  NodeHealth(String group) {
    this.group = group;
  }

  synchronized void holds(Collection<Integer> now) {
    inGroup = true;
    partitions.clear();
    partitions.addAll(now);
  }

  synchronized void left() {
    inGroup = false;
    partitions.clear();
  }

  /** Results do not get through at the moment, or sessions cannot be read. */
  synchronized void trouble(String why) {
    trouble = why;
  }

  synchronized void well() {
    trouble = null;
  }

  /** Up while the node is in its group and nothing keeps it from its work. */
  synchronized Health health() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("group", group);
    details.put("inGroup", inGroup);
    details.put("partitions", List.copyOf(partitions));
    if (trouble != null) {
      details.put("trouble", trouble);
    }
    return new Health(inGroup && trouble == null, details);
  }
}
