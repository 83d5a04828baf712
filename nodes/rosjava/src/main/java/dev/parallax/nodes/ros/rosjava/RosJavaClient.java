package dev.parallax.nodes.ros.rosjava;

import dev.parallax.nodes.ros.RosClient;
import dev.parallax.nodes.ros.RosConfig;
import dev.parallax.nodes.ros.RosNode;
import java.util.function.Consumer;

/** rosjava as {@code --ros-client rosjava} asks for it. */
public final class RosJavaClient implements RosClient {
  @Override
  public String name() {
    return "rosjava";
  }

  @Override
  public RosNode connect(RosConfig config, Consumer<String> told) {
    return RosJavaNode.connect(config);
  }
}
