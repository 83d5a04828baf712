package dev.parallax.nodes.ros;

import java.time.Duration;

/**
 * How a topic is listened to.
 *
 * @param tcpNoDelay whether publishers are asked to send small messages at once
 * @param maxMessageBytes a publisher that announces a longer message is cut off
 * @param stallLimit how long the rest of a message may take once it has begun
 */
public record SubscribeOptions(boolean tcpNoDelay, int maxMessageBytes, Duration stallLimit) {
  public static SubscribeOptions defaults() {
    return new SubscribeOptions(true, 256 << 20, Duration.ofSeconds(10));
  }
}
