package dev.parallax.nodes.ros.tcpros;

import dev.parallax.nodes.ros.RosClient;
import dev.parallax.nodes.ros.RosConfig;
import dev.parallax.nodes.ros.RosNode;
import java.util.function.Consumer;

/** Our own client, the default. */
public final class TcpRosClient implements RosClient {
  public static final String NAME = "tcpros";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public RosNode connect(RosConfig config, Consumer<String> told) {
    return TcpRosNode.connect(config, told);
  }
}
