package dev.parallax.nodes.ros.tcpros;

import dev.parallax.nodes.ros.RosConfig;
import dev.parallax.nodes.ros.RosException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the master knows of a graph, and whether its nodes answer. Any thread. */
public final class RosGraph {
  private static final Duration NODE_TIMEOUT = Duration.ofSeconds(2);

  private final RosConfig config;
  private final MasterClient master;

  public RosGraph(RosConfig config) {
    this.config = config;
    master = new MasterClient(config.master(), config.node());
  }

  /**
   * Types by topic, of topics that somebody ever published.
   *
   * @throws RosException if the master does not answer
   */
  public Map<String, String> types() {
    Map<String, String> types = new TreeMap<>();
    for (Object pair : list(ask(master::topicTypes))) {
      if (pair instanceof List<?> each && each.size() == 2) {
        types.put(each.get(0).toString(), each.get(1).toString());
      }
    }
    return types;
  }

  /**
   * Names of the nodes that publish, by topic.
   *
   * @throws RosException if the master does not answer
   */
  public Map<String, List<String>> publishers() {
    Map<String, List<String>> publishers = new LinkedHashMap<>();
    List<?> state = list(ask(master::systemState));
    for (Object pair : state.isEmpty() ? List.of() : list(state.get(0))) {
      if (pair instanceof List<?> each && each.size() == 2) {
        publishers.put(
            each.get(0).toString(), list(each.get(1)).stream().map(Object::toString).toList());
      }
    }
    return publishers;
  }

  /** Why a node cannot be reached from here, or null if it answers. */
  public @Nullable String whyUnreachable(String node) {
    Optional<String> known = ask(() -> master.lookupNode(node));
    if (known.isEmpty()) {
      return "the master does not know it any more";
    }
    URI uri = URI.create(known.get());
    try {
      InetAddress unused = InetAddress.getByName(uri.getHost());
      Object answer = new XmlRpcClient(NODE_TIMEOUT).call(uri, "getPid", List.of(config.node()));
      return answer == null ? "it answers nothing" : null;
    } catch (UnknownHostException e) {
      return "its host %s is unknown here".formatted(uri.getHost());
    } catch (IOException e) {
      return "%s does not answer (%s)".formatted(uri, e.getMessage());
    }
  }

  private interface Question<T> {
    T ask() throws IOException;
  }

  private <T> T ask(Question<T> question) {
    try {
      return question.ask();
    } catch (IOException e) {
      throw new RosException(
          "no ROS master at %s (%s); start roscore, or set ROS_MASTER_URI"
              .formatted(config.master(), e.getMessage()),
          e);
    }
  }

  private static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
