package dev.parallax.nodes.ros.doctor;

import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.TransformTopics;
import dev.parallax.nodes.runtime.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Who publishes which transform: a frame has one parent and one owner. */
final class TransformCheck implements AutoCloseable {
  private final Map<String, Set<String>> owners = new TreeMap<>();
  private final Map<String, Set<String>> parents = new TreeMap<>();
  private final TransformTopics topics;

  TransformCheck(RosNode node) {
    topics =
        new TransformTopics(
            node,
            (edge, publisher) -> add(edge.childFrameId(), edge.header().frameId(), publisher));
  }

  private synchronized void add(String child, String parent, String owner) {
    owners.computeIfAbsent(child, k -> new TreeSet<>()).add(owner);
    parents.computeIfAbsent(child, k -> new TreeSet<>()).add(parent);
  }

  synchronized List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    owners.forEach(
        (child, nodes) -> {
          Set<String> of = parents.getOrDefault(child, Set.of());
          if (of.size() > 1) {
            findings.add(
                Finding.error(
                    "transform to " + child,
                    "it has %d parents: %s, from %s".formatted(of.size(), of, nodes),
                    "a frame has one parent; turn off one (parallax: publish_odom_tf: false)"));
          } else if (nodes.size() > 1) {
            findings.add(
                Finding.error(
                    "transform %s to %s".formatted(String.join("", of), child),
                    "it has %d owners: %s".formatted(nodes.size(), nodes),
                    "turn it off in all but one (parallax: publish_odom_tf: false)"));
          }
        });
    return findings;
  }

  @Override
  public void close() {
    topics.close();
  }
}
