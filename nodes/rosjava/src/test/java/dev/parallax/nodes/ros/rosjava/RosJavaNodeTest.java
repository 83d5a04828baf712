package dev.parallax.nodes.ros.rosjava;

import dev.parallax.nodes.ros.RosConfig;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosNodeContractTest;

/** rosjava does what every node does, against the same peers as our own client. */
class RosJavaNodeTest extends RosNodeContractTest {
  @Override
  protected RosNode connect(RosConfig config) {
    return RosJavaNode.connect(config);
  }
}
