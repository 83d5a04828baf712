package dev.parallax.nodes.ros.rosjava;

import dev.parallax.nodes.ros.RosType;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ros.internal.node.client.MasterClient;
import org.ros.internal.node.topic.PublisherIdentifier;
import org.ros.master.client.TopicType;
import org.ros.namespace.GraphName;
import org.ros.node.topic.DefaultSubscriberListener;
import org.ros.node.topic.Subscriber;

/**
 * Notices what rosjava keeps to itself: that a publisher is gone, asked once a second, and that it
 * publishes another type than the one wanted, which the master tells. Any thread.
 */
final class PublisherWatch {
  private static final long PERIOD_MS = 1000;
  private static final int CONNECT_LIMIT_MS = 500;

  private final GraphName node;
  private final MasterClient master;
  private final Map<String, Watched> topics = new ConcurrentHashMap<>();

  PublisherWatch(GraphName node, MasterClient master) {
    this.node = node;
    this.master = master;
  }

  void start(ScheduledExecutorService executor) {
    var unused =
        executor.scheduleWithFixedDelay(
            () -> topics.values().forEach(this::look), PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  void add(String topic, RosType type, Subscriber<RawMessage> subscriber) {
    Watched watched = new Watched(topic, type);
    topics.put(topic, watched);
    subscriber.addSubscriberListener(watched);
  }

  Watched of(String topic) {
    return Objects.requireNonNull(topics.get(topic), topic);
  }

  void remove(String topic) {
    topics.remove(topic);
  }

  private void look(Watched watched) {
    if (!watched.publishers.isEmpty()) {
      watched.actualType = actualType(watched.topic);
    }
    watched.publishers.removeIf(publisher -> !answers(publisher));
  }

  private @Nullable String actualType(String topic) {
    try {
      return master.getTopicTypes(node).getResult().stream()
          .filter(each -> each.getName().equals(topic))
          .map(TopicType::getMessageType)
          .findFirst()
          .orElse(null);
    } catch (RuntimeException e) {
      return null; // no master at present, no news
    }
  }

  /**
   * Whether its XML-RPC server still takes calls; asking more of it rosjava would log as errors.
   */
  private static boolean answers(URI publisher) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(publisher.getHost(), publisher.getPort()), CONNECT_LIMIT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The publishers of one topic. */
  static final class Watched extends DefaultSubscriberListener<RawMessage> {
    private final String topic;
    private final RosType type;
    private final Set<URI> publishers = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String actualType;

    Watched(String topic, RosType type) {
      this.topic = topic;
      this.type = type;
    }

    @Override
    public void onNewPublisher(Subscriber<RawMessage> subscriber, PublisherIdentifier publisher) {
      publishers.add(publisher.getNodeUri());
    }

    int count() {
      return isOfAnotherType() ? 0 : publishers.size();
    }

    private boolean isOfAnotherType() {
      String actual = actualType;
      return actual != null && !actual.equals("*") && !actual.equals(type.name());
    }

    List<String> troubles() {
      return isOfAnotherType()
          ? List.of(
              "topic %s: it is published as %s, wanted is %s; build both ends from the same messages"
                  .formatted(topic, actualType, type.name()))
          : List.of();
    }
  }
}
