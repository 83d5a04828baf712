package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.TransformTree;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.TransformTopics;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;

/** Follows {@code /tf} and {@code /tf_static} far enough to know where a sensor is mounted. */
public final class TransformListener implements AutoCloseable {
  private final TransformTree tree = new TransformTree();
  private final TransformTopics topics;

  public TransformListener(RosNode node) {
    topics = new TransformTopics(node, (transform, publisher) -> tree.add(transform));
  }

  /** Maps points of one frame to the other; empty if no chain of transforms joins them. */
  public Optional<Se3> T_target_source(String target, String source) {
    return tree.T_target_source(target, source);
  }

  @Override
  public void close() {
    topics.close();
  }
}
