package dev.parallax.nodes.ros.rosjava;

import dev.parallax.nodes.ros.RosPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ros.node.topic.Publisher;

/**
 * One part's hold on a topic. What a slow subscriber does not take waits in rosjava without a
 * bound, so none is ever known to be dropped.
 */
final class RosJavaPublisher implements RosPublisher {
  private final String topic;
  private final Publisher<RawMessage> publisher;
  private final boolean latched;
  private final Runnable closing;
  private final AtomicBoolean closed = new AtomicBoolean();

  RosJavaPublisher(
      String topic, Publisher<RawMessage> publisher, boolean latched, Runnable closing) {
    this.topic = topic;
    this.publisher = publisher;
    this.latched = latched;
    this.closing = closing;
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public void publish(ByteBuffer message) {
    publisher.publish(new RawMessage(message.duplicate()));
  }

  @Override
  public int subscribers() {
    return publisher.getNumberOfSubscribers();
  }

  @Override
  public long dropped() {
    return 0;
  }

  @Override
  public boolean isHeard() {
    return latched || publisher.hasSubscribers();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      closing.run();
    }
  }
}
