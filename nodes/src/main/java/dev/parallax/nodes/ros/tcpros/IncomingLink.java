package dev.parallax.nodes.ros.tcpros;

import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives one topic from one publisher on a thread of its own, and tries again for as long as the
 * master names that publisher. Owns its socket.
 */
final class IncomingLink {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 5000;

  private final String node;
  private final String topic;
  private final RosType type;
  private final SubscribeOptions options;
  private final URI publisher;
  private final Consumer<RosDelivery> handler;
  private final Thread thread;
  private boolean closed;
  private @Nullable Socket socket;
  private volatile boolean connected;
  private volatile long received;
  private volatile @Nullable String trouble;

  /**
   * @param publisher its slave API
   */
  IncomingLink(
      String node,
      String topic,
      RosType type,
      SubscribeOptions options,
      URI publisher,
      Consumer<RosDelivery> handler) {
    this.node = node;
    this.topic = topic;
    this.type = type;
    this.options = options;
    this.publisher = publisher;
    this.handler = handler;
    thread = new Thread(this::receive, "ros-from-" + publisher.getAuthority() + topic);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  URI publisher() {
    return publisher;
  }

  boolean isConnected() {
    return connected;
  }

  long received() {
    return received;
  }

  /** Why nothing comes at present, or null. */
  @Nullable String trouble() {
    return trouble;
  }

  private void receive() {
    long pauseMs = FIRST_PAUSE_MS;
    while (!isClosed()) {
      long before = received;
      try (Socket opened = open()) {
        receiveFrom(opened);
      } catch (IOException e) {
        trouble = "topic %s from %s: %s".formatted(topic, publisher, explain(e));
      } finally {
        connected = false;
      }
      pauseMs = received > before ? FIRST_PAUSE_MS : Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      pause(pauseMs);
    }
  }

  private Socket open() throws IOException {
    InetSocketAddress address = requestTopic();
    if (address.isUnresolved()) {
      throw new UnknownHostException(address.getHostString());
    }
    Socket opened = new Socket();
    synchronized (this) {
      if (closed) {
        throw new IOException("closed");
      }
      socket = opened;
    }
    try {
      opened.connect(address, (int) CONNECT_LIMIT.toMillis());
      Sockets.keepAlive(opened);
      opened.setTcpNoDelay(true); // for our header; it has no say in what the publisher does
      return opened;
    } catch (IOException e) {
      Sockets.closeQuietly(opened);
      throw e;
    }
  }

  /** Asks the publisher where its topic can be had. */
  private InetSocketAddress requestTopic() throws IOException {
    Object answer =
        new XmlRpcClient(CONNECT_LIMIT)
            .call(publisher, "requestTopic", List.of(node, topic, List.of(List.of("TCPROS"))));
    if (answer instanceof List<?> triple
        && triple.size() == 3
        && Integer.valueOf(1).equals(triple.get(0))
        && triple.get(2) instanceof List<?> protocol
        && protocol.size() >= 3
        && protocol.get(0).equals("TCPROS")
        && protocol.get(1) instanceof String host
        && protocol.get(2) instanceof Integer port
        && port > 0
        && port < 1 << 16) {
      return new InetSocketAddress(host, port);
    }
    throw new IOException("offers no TCPROS for this topic: " + answer);
  }

  private void receiveFrom(Socket opened) throws IOException {
    opened.setSoTimeout((int) CONNECT_LIMIT.toMillis());
    ConnectionHeader.ofTopic(node, topic, type, "tcp_nodelay", options.tcpNoDelay())
        .write(opened.getOutputStream());
    ConnectionHeader header = ConnectionHeader.read(opened.getInputStream());
    if (header.has("error")) {
      throw new IOException("refused by the publisher: " + header.get("error"));
    }
    if (!type.matches(header.get("type"), header.get("md5sum"))) {
      throw new IOException(
          "sends %s with md5sum %s, wanted is %s with %s; build both ends from the same messages"
              .formatted(header.get("type"), header.get("md5sum"), type.name(), type.md5()));
    }
    String from = header.get("callerid");
    String sends = header.get("type");
    FrameReader frames = new FrameReader(opened, options.maxMessageBytes(), options.stallLimit());
    connected = true;
    trouble = null;
    while (true) {
      deliver(frames.next(), sends, from);
    }
  }

  private void deliver(ByteBuffer message, String type, String from) {
    if (isClosed()) {
      return;
    }
    received++; // only this thread writes it
    try {
      handler.accept(new RosDelivery(message, type, from));
    } catch (RuntimeException e) { // one message that cannot be handled must not cost the others
      trouble = "topic %s from %s: a message could not be handled: %s".formatted(topic, from, e);
    }
  }

  private static String explain(IOException e) {
    if (e instanceof UnknownHostException) {
      return "its host %s is unknown here; set ROS_IP on that machine".formatted(e.getMessage());
    }
    return String.valueOf(e.getMessage());
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private synchronized void pause(long ms) {
    try {
      if (!closed) {
        wait(ms);
      }
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  void close() {
    synchronized (this) {
      closed = true;
      Sockets.closeQuietly(socket);
      notifyAll();
    }
  }

  void join() {
    Sockets.join(thread);
  }
}
