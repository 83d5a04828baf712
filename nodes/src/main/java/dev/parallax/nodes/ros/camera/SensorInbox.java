package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosType;
import org.jspecify.annotations.Nullable;

/**
 * What the topic of a sensor beside the camera brings, for pictures to take their share of. Any
 * thread.
 */
abstract class SensorInbox {
  private final String topic;
  private @Nullable String loss;
  private boolean lossTold;

  /**
   * @param topic with its full name
   */
  SensorInbox(String topic) {
    this.topic = topic;
  }

  final String topic() {
    return topic;
  }

  /** What the topic is to bring. */
  abstract RosType type();

  /** A message of the topic. */
  final void accept(RosDelivery delivery) {
    try {
      take(delivery);
    } catch (MessageFormatException e) {
      lose(e);
    }
  }

  /**
   * Takes a message in.
   *
   * @throws MessageFormatException if it cannot be used
   */
  abstract void take(RosDelivery delivery) throws MessageFormatException;

  /** Time began anew. */
  abstract void forget();

  /** What a person is to know of a message that could not be used. */
  abstract String described(MessageFormatException e);

  /** A message could not be used. */
  final synchronized void lose(MessageFormatException e) {
    if (loss == null) {
      loss = described(e);
    }
  }

  /** Why the first message that could not be used could not be; null if all could. */
  final synchronized @Nullable String loss() {
    return loss;
  }

  /** {@link #loss} if it was not asked for by this before, else null. */
  final synchronized @Nullable String untoldLoss() {
    if (lossTold || loss == null) {
      return null;
    }
    lossTold = true;
    return loss;
  }
}
