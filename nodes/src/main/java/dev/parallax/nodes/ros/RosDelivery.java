package dev.parallax.nodes.ros;

import java.nio.ByteBuffer;

/**
 * A message that arrived.
 *
 * @param message as serialised, valid during the call that brings it
 * @param type as its publisher names it, e.g. {@code nav_msgs/Odometry}
 * @param publisher name of the node that sent it
 */
public record RosDelivery(ByteBuffer message, String type, String publisher) {}
