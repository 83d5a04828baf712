package dev.parallax.nodes.ros.tcpros;

import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosType;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A topic this node publishes, with its links. */
final class Publication implements Registration {
  private final String node;
  private final String topic;
  private final RosType type;
  private final PublishOptions options;
  private final List<OutgoingLink> links = new CopyOnWriteArrayList<>();
  private @Nullable ByteBuffer latched;
  private long droppedByEnded;
  private int uses;
  private boolean closed;

  Publication(String node, String topic, RosType type, PublishOptions options) {
    this.node = node;
    this.topic = topic;
    this.type = type;
    this.options = options;
  }

  String topic() {
    return topic;
  }

  RosType type() {
    return type;
  }

  PublishOptions options() {
    return options;
  }

  /** Another part of the node publishes it too. */
  synchronized void use() {
    uses++;
  }

  /**
   * A part of the node publishes it no more.
   *
   * @return whether it was the last
   */
  synchronized boolean release() {
    return --uses == 0;
  }

  synchronized void publish(ByteBuffer message) {
    ByteBuffer own = message.hasArray() ? message.duplicate() : copy(message);
    if (options.latched()) {
      latched = own;
    }
    for (OutgoingLink link : links) {
      link.offer(own);
    }
  }

  boolean isHeard() {
    return options.latched() || !links.isEmpty();
  }

  int subscribers() {
    return links.size();
  }

  synchronized long dropped() {
    return droppedByEnded + links.stream().mapToLong(OutgoingLink::dropped).sum();
  }

  List<String> subscriberNames() {
    return links.stream().map(OutgoingLink::subscriber).toList();
  }

  /**
   * Takes over a subscriber's socket, whose header was read.
   *
   * @throws IOException if it does not fit, after the subscriber was told why
   */
  void accept(Socket socket, ConnectionHeader header) throws IOException {
    String problem = problem(header);
    if (problem != null) {
      ConnectionHeader.of("error", problem).write(socket.getOutputStream());
      throw new IOException(problem);
    }
    socket.setTcpNoDelay(header.get("tcp_nodelay").equals("1"));
    Sockets.keepAlive(socket);
    ConnectionHeader.ofTopic(node, topic, type, "latching", options.latched())
        .write(socket.getOutputStream());
    OutgoingLink link =
        new OutgoingLink(socket, header.get("callerid"), options.queueLength(), this::ended);
    synchronized (this) {
      if (closed) {
        throw new IOException("the topic is published no more");
      }
      links.add(link);
      if (latched != null) {
        link.offer(latched);
      }
    }
    link.start();
  }

  private @Nullable String problem(ConnectionHeader header) {
    if (!header.has("md5sum") || header.get("callerid").isEmpty()) {
      return "topic %s: the header lacks md5sum or callerid".formatted(topic);
    }
    String wanted = header.has("type") ? header.get("type") : "*";
    return type.matches(wanted, header.get("md5sum"))
        ? null
        : "topic %s is %s with md5sum %s here, not %s with %s; build both ends from the same messages"
            .formatted(topic, type.name(), type.md5(), wanted, header.get("md5sum"));
  }

  private synchronized void ended(OutgoingLink link) {
    if (links.remove(link)) {
      droppedByEnded += link.dropped();
    }
  }

  @Override
  public void register(MasterClient master, URI slave) throws IOException {
    master.registerPublisher(topic, type.name(), slave);
  }

  @Override
  public void unregister(MasterClient master, URI slave) throws IOException {
    master.unregisterPublisher(topic, slave);
  }

  void close() {
    synchronized (this) {
      closed = true;
      latched = null;
    }
    List<OutgoingLink> open = List.copyOf(links);
    open.forEach(OutgoingLink::close);
    open.forEach(OutgoingLink::join);
  }

  private static ByteBuffer copy(ByteBuffer message) {
    byte[] bytes = new byte[message.remaining()];
    message.duplicate().get(bytes);
    return ByteBuffer.wrap(bytes);
  }
}
