package dev.parallax.nodes.codec;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The latest transform of each edge, without interpolation: enough for how a sensor is mounted,
 * which does not move. Any thread.
 */
public final class TransformTree {
  /** Deeper trees than this are loops. */
  private static final int MAX_DEPTH = 64;

  private record Edge(String parent, Se3 T_parent_child) {}

  private final Map<String, Edge> edges = new ConcurrentHashMap<>();

  public void add(RosTransforms.Stamped transform) {
    edges.put(
        name(transform.childFrameId()),
        new Edge(name(transform.header().frameId()), transform.T_parent_child()));
  }

  /** Maps points of one frame to the other; empty if no chain of transforms joins them. */
  public Optional<Se3> T_target_source(String target, String source) {
    List<Ancestor> ofTarget = ancestors(target);
    for (Ancestor ofSource : ancestors(source)) {
      for (Ancestor each : ofTarget) {
        if (each.frame.equals(ofSource.frame)) {
          return Optional.of(
              each.T_ancestor_frame.inverse().times(ofSource.T_ancestor_frame).normalised());
        }
      }
    }
    return Optional.empty();
  }

  private record Ancestor(String frame, Se3 T_ancestor_frame) {}

  private List<Ancestor> ancestors(String frame) {
    List<Ancestor> chain = new ArrayList<>();
    Ancestor at = new Ancestor(name(frame), Se3.identity());
    chain.add(at);
    for (int depth = 0; depth < MAX_DEPTH; depth++) {
      @Nullable Edge edge = edges.get(at.frame);
      if (edge == null) {
        break;
      }
      at = new Ancestor(edge.parent, edge.T_parent_child.times(at.T_ancestor_frame));
      chain.add(at);
    }
    return chain;
  }

  /** tf2 has no slash at the start; older publishers write one. */
  private static String name(String frame) {
    return frame.startsWith("/") ? frame.substring(1) : frame;
  }
}
