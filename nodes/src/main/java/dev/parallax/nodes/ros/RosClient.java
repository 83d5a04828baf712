package dev.parallax.nodes.ros;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/**
 * One way to talk to a ROS 1 graph. Those that were built in are found by {@link ServiceLoader};
 * {@code tcpros}, our own, always is.
 */
public interface RosClient {
  /** What a user calls it. */
  String name();

  /**
   * Joins the graph.
   *
   * @param told takes lines for people: that the master went or is back
   * @throws RosException if the master cannot be reached or no port can be listened on
   */
  RosNode connect(RosConfig config, Consumer<String> told);

  /**
   * The client of a name.
   *
   * @throws RosException if it was not built in
   */
  static RosClient named(String name) {
    List<String> known = new ArrayList<>();
    for (RosClient client : ServiceLoader.load(RosClient.class)) {
      if (client.name().equals(name)) {
        return client;
      }
      known.add(client.name());
    }
    throw new RosException(
        "no ROS client \"%s\" is built in, there is %s; rosjava comes with mvn -Prosjava process-classes"
            .formatted(name, String.join(", ", known)));
  }
}
