package dev.parallax.nodes.ros.tcpros;

import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** A topic this node listens to, with a link to each publisher the master names. */
final class Subscription implements Registration, RosSubscription {
  private final String node;
  private final String topic;
  private final RosType type;
  private final SubscribeOptions options;
  private final Consumer<RosDelivery> handler;
  private final Consumer<Subscription> closing;
  private final Map<URI, IncomingLink> links = new LinkedHashMap<>();
  private long receivedByEnded;
  private boolean closed;

  /**
   * @param closing told when it is closed, to take back the registration
   */
  Subscription(
      String node,
      String topic,
      RosType type,
      SubscribeOptions options,
      Consumer<RosDelivery> handler,
      Consumer<Subscription> closing) {
    this.node = node;
    this.topic = topic;
    this.type = type;
    this.options = options;
    this.handler = handler;
    this.closing = closing;
  }

  /** The master's present list of publishers: links to others end, missing ones begin. */
  void publishers(Collection<String> uris) {
    List<IncomingLink> ended = new ArrayList<>();
    synchronized (this) {
      if (closed) {
        return;
      }
      Map<URI, IncomingLink> before = new LinkedHashMap<>(links);
      links.clear();
      for (String text : uris) {
        URI uri = parse(text);
        if (uri == null || links.containsKey(uri)) {
          continue;
        }
        IncomingLink link = before.remove(uri);
        if (link == null) {
          link = new IncomingLink(node, topic, type, options, uri, handler);
          link.start();
        }
        links.put(uri, link);
      }
      for (IncomingLink link : before.values()) {
        receivedByEnded += link.received();
        ended.add(link);
      }
    }
    ended.forEach(IncomingLink::close);
  }

  private static @org.jspecify.annotations.Nullable URI parse(String text) {
    try {
      URI uri = URI.create(text);
      return "http".equals(uri.getScheme()) && uri.getHost() != null ? uri : null;
    } catch (IllegalArgumentException e) {
      return null; // nobody can be called there
    }
  }

  RosType type() {
    return type;
  }

  /** Publishers there is a link to now. */
  synchronized List<URI> connected() {
    return links.values().stream()
        .filter(IncomingLink::isConnected)
        .map(IncomingLink::publisher)
        .toList();
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public int publishers() {
    return connected().size();
  }

  @Override
  public synchronized long received() {
    return receivedByEnded + links.values().stream().mapToLong(IncomingLink::received).sum();
  }

  @Override
  public synchronized List<String> troubles() {
    return links.values().stream().map(IncomingLink::trouble).filter(Objects::nonNull).toList();
  }

  @Override
  public void register(MasterClient master, URI slave) throws IOException {
    publishers(master.registerSubscriber(topic, type.name(), slave));
  }

  @Override
  public void unregister(MasterClient master, URI slave) throws IOException {
    master.unregisterSubscriber(topic, slave);
  }

  @Override
  public void close() {
    closing.accept(this);
    List<IncomingLink> open;
    synchronized (this) {
      closed = true;
      open = List.copyOf(links.values());
      open.forEach(link -> receivedByEnded += link.received());
      links.clear();
    }
    open.forEach(IncomingLink::close);
    open.forEach(IncomingLink::join);
  }
}
