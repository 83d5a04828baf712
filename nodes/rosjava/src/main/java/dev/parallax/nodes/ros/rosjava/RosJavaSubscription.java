package dev.parallax.nodes.ros.rosjava;

import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosSubscription;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ros.message.MessageListener;
import org.ros.node.topic.Subscriber;

/**
 * One part's hold on a topic that is listened to. rosjava does not tell which publisher a message
 * came from, so deliveries name none.
 */
final class RosJavaSubscription implements RosSubscription {
  /** Messages that may wait for the handler before the oldest is dropped. */
  private static final int QUEUE = 10;

  private final String topic;
  private final Subscriber<RawMessage> subscriber;
  private final PublisherWatch.Watched publishers;
  private final Consumer<RosDelivery> handler;
  private final Runnable closing;
  private final MessageListener<RawMessage> listener = this::deliver;
  private boolean closed;
  private volatile long received;
  private volatile @Nullable String trouble;

  private RosJavaSubscription(
      String topic,
      Subscriber<RawMessage> subscriber,
      PublisherWatch.Watched publishers,
      Consumer<RosDelivery> handler,
      Runnable closing) {
    this.topic = topic;
    this.subscriber = subscriber;
    this.publishers = publishers;
    this.handler = handler;
    this.closing = closing;
  }

  static RosJavaSubscription begin(
      String topic,
      Subscriber<RawMessage> subscriber,
      PublisherWatch.Watched publishers,
      Consumer<RosDelivery> handler,
      Runnable closing) {
    RosJavaSubscription subscription =
        new RosJavaSubscription(topic, subscriber, publishers, handler, closing);
    subscriber.addMessageListener(subscription.listener, QUEUE);
    return subscription;
  }

  @SuppressWarnings("NonAtomicOperationOnVolatileField") // only written under the lock
  private synchronized void deliver(RawMessage message) {
    if (closed) {
      return;
    }
    received++;
    try {
      handler.accept(new RosDelivery(message.bytes(), subscriber.getTopicMessageType(), ""));
    } catch (RuntimeException e) { // one message that cannot be handled must not cost the others
      trouble = "topic %s: a message could not be handled: %s".formatted(topic, e);
    }
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public int publishers() {
    return publishers.count();
  }

  @Override
  public long received() {
    return received;
  }

  @Override
  public List<String> troubles() {
    List<String> troubles = new ArrayList<>(publishers.troubles());
    String own = trouble;
    if (own != null) {
      troubles.add(own);
    }
    return troubles;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    boolean unused = subscriber.removeMessageListener(listener);
    closing.run();
  }
}
