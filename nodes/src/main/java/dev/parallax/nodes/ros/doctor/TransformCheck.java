package dev.parallax.nodes.ros.doctor;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosTransforms;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
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
  private final List<RosSubscription> subscriptions = new ArrayList<>();

  TransformCheck(RosNode node) {
    for (String topic : List.of("/tf", "/tf_static")) {
      subscriptions.add(
          node.subscribe(
              topic,
              RosType.of(Ros1Type.TF_MESSAGE),
              SubscribeOptions.defaults(),
              delivery -> accept(topic, delivery)));
    }
  }

  private void accept(String topic, RosDelivery delivery) {
    try {
      Ros1Input in = new Ros1Input(delivery.message(), topic, Ros1Type.TF_MESSAGE.typeName());
      for (RosTransforms.Stamped edge : RosTransforms.read(in).transforms()) {
        add(edge.childFrameId(), edge.header().frameId(), delivery.publisher());
      }
    } catch (MessageFormatException e) {
      throw new IllegalArgumentException(e.getMessage(), e); // becomes the link's trouble
    }
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
    subscriptions.forEach(RosSubscription::close);
  }
}
