package dev.parallax.nodes.ros;

import java.nio.ByteBuffer;

/**
 * A message that arrived.
 *
 * @param message as serialised, valid during the call that brings it
 * @param publisher name of the node that sent it
 */
public record RosDelivery(ByteBuffer message, String publisher) {}
