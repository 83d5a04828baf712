package dev.parallax.nodes.ros.rosjava;

import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosException;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.ros.internal.message.topic.TopicDescription;
import org.ros.internal.node.topic.PublisherFactory;
import org.ros.internal.node.topic.SubscriberFactory;
import org.ros.internal.node.topic.TopicDeclaration;
import org.ros.namespace.GraphName;
import org.ros.node.topic.Publisher;
import org.ros.node.topic.Subscriber;
import org.ros.node.topic.TransportHints;

/**
 * Topics of one node. rosjava has one publisher and one subscriber a topic, which all parts of this
 * node share; the last one to leave ends it. Any thread.
 */
final class RosJavaTopics {
  private static final class Shared<T> {
    private final T end;
    private final RosType type;
    private final boolean latched;
    private int uses;

    Shared(T end, RosType type, boolean latched) {
      this.end = end;
      this.type = type;
      this.latched = latched;
    }
  }

  private final PublisherFactory publisherFactory;
  private final SubscriberFactory subscriberFactory;
  private final PublisherWatch watch;
  private final RawMessage.Codec codec = new RawMessage.Codec();
  private final Map<String, Shared<Publisher<RawMessage>>> publishers = new HashMap<>();
  private final Map<String, Shared<Subscriber<RawMessage>>> subscribers = new HashMap<>();

  RosJavaTopics(
      PublisherFactory publisherFactory,
      SubscriberFactory subscriberFactory,
      PublisherWatch watch) {
    this.publisherFactory = publisherFactory;
    this.subscriberFactory = subscriberFactory;
    this.watch = watch;
  }

  synchronized RosPublisher advertise(String topic, RosType type, PublishOptions options) {
    Shared<Publisher<RawMessage>> shared = publishers.get(topic);
    if (shared == null) {
      Publisher<RawMessage> publisher =
          publisherFactory.newOrExisting(declaration(topic, type, null), codec);
      publisher.setLatchMode(options.latched());
      shared = new Shared<>(publisher, type, options.latched());
      publishers.put(topic, shared);
    } else if (!shared.type.equals(type) || shared.latched != options.latched()) {
      throw new RosException(
          "topic %s is already published as %s; give one of the two another name by remapping"
              .formatted(topic, shared.type.name()));
    }
    shared.uses++;
    return new RosJavaPublisher(topic, shared.end, shared.latched, () -> leavePublisher(topic));
  }

  synchronized RosSubscription subscribe(
      String topic, RosType type, SubscribeOptions options, Consumer<RosDelivery> handler) {
    if (type.equals(RosType.ANY)) {
      throw new RosException("topic %s: rosjava wants to know its type".formatted(topic));
    }
    Shared<Subscriber<RawMessage>> shared = subscribers.get(topic);
    if (shared == null) {
      TransportHints hints = new TransportHints(options.tcpNoDelay());
      shared =
          new Shared<>(
              subscriberFactory.newOrExisting(declaration(topic, type, hints), codec), type, false);
      subscribers.put(topic, shared);
      watch.add(topic, type, shared.end);
    } else if (!shared.type.equals(type)) {
      throw new RosException(
          "topic %s is already listened to as %s".formatted(topic, shared.type.name()));
    }
    shared.uses++;
    return RosJavaSubscription.begin(
        topic, shared.end, watch.of(topic), handler, () -> leaveSubscriber(topic));
  }

  private static TopicDeclaration declaration(
      String topic, RosType type, @org.jspecify.annotations.Nullable TransportHints hints) {
    return TopicDeclaration.newFromTopicName(
        GraphName.of(topic),
        new TopicDescription(type.name(), type.definition(), type.md5()),
        hints == null ? new TransportHints() : hints);
  }

  private void leavePublisher(String topic) {
    Publisher<RawMessage> ended = leave(publishers, topic);
    if (ended != null) {
      ended.shutdown();
    }
  }

  private void leaveSubscriber(String topic) {
    Subscriber<RawMessage> ended = leave(subscribers, topic);
    if (ended != null) {
      watch.remove(topic);
      ended.shutdown();
    }
  }

  private synchronized <T> @org.jspecify.annotations.Nullable T leave(
      Map<String, Shared<T>> all, String topic) {
    Shared<T> shared = all.get(topic);
    if (shared == null || --shared.uses > 0) {
      return null;
    }
    all.remove(topic);
    return shared.end;
  }
}
