package dev.parallax.nodes.ros.tcpros;

import dev.parallax.nodes.codec.RosServiceType;
import dev.parallax.nodes.ros.GraphClock;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosClock;
import dev.parallax.nodes.ros.RosConfig;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosException;
import dev.parallax.nodes.ros.RosName;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A ROS 1 node over TCPROS. Listens on two ports of its own, for XML-RPC and for TCPROS: on
 * loopback, or where {@code ROS_IP} or {@code ROS_HOSTNAME} say that others reach it.
 *
 * <pre>
 *   master  <-- MasterClient (MasterWatch tells it again after a restart)
 *   master, nodes --> XmlRpcServer -> SlaveApi
 *   subscribers, callers --> TcpServer -> Publication -> OutgoingLink, ServiceProvider
 *   publishers <-- Subscription -> IncomingLink
 * </pre>
 */
public final class TcpRosNode implements RosNode {
  private static final long MASTER_PERIOD_MS = 1000;

  private final RosConfig config;
  private final MasterClient master;
  private final Map<String, Publication> publications = new ConcurrentHashMap<>();
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private final Map<String, ServiceProvider> services = new ConcurrentHashMap<>();
  private final List<Consumer<String>> shutdownListeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean shutdownAsked = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final TcpServer tcpServer;
  private final XmlRpcServer xmlRpcServer;
  private final MasterWatch watch;
  private final GraphClock clock;

  private TcpRosNode(RosConfig config, Consumer<String> told) throws IOException {
    this.config = config;
    master = new MasterClient(config.master(), config.node());
    boolean simulated = master.parameter("/use_sim_time").filter(Boolean.TRUE::equals).isPresent();
    clock = new GraphClock(simulated);
    InetSocketAddress address = new InetSocketAddress(bindAddress(config), 0);
    tcpServer = new TcpServer(address, this::accept);
    SlaveApi slave =
        new SlaveApi(
            config.master(),
            config.host(),
            tcpServer::port,
            publications,
            subscriptions,
            this::askToEnd);
    xmlRpcServer = new XmlRpcServer(address, "ros-xmlrpc", slave);
    watch =
        new MasterWatch(
            master,
            config.node(),
            uri("http", xmlRpcServer.port()),
            MASTER_PERIOD_MS,
            told,
            () -> askToEnd("another node took the name " + config.node()));
  }

  /**
   * Joins the graph.
   *
   * @param told takes lines for people: that the master went or is back
   * @throws RosException if the master cannot be reached or no port can be listened on
   */
  public static TcpRosNode connect(RosConfig config, Consumer<String> told) {
    TcpRosNode node;
    try {
      node = new TcpRosNode(config, told);
    } catch (IOException e) {
      throw RosException.noMaster(config.master(), e);
    }
    try {
      config.setPrivateParameters(node);
    } catch (RosException e) {
      node.close();
      throw e;
    }
    node.watch.start();
    node.clock.follow(node);
    return node;
  }

  @Override
  public String name() {
    return config.node();
  }

  @Override
  public String resolve(String name) {
    return config.resolve(name);
  }

  @Override
  public RosClock clock() {
    return clock;
  }

  @Override
  public RosSubscription subscribe(
      String topic, RosType type, SubscribeOptions options, Consumer<RosDelivery> handler) {
    Subscription subscription =
        new Subscription(name(), resolve(topic), type, options, handler, this::forget);
    subscriptions.add(subscription);
    watch.add(subscription);
    return subscription;
  }

  @Override
  public RosPublisher advertise(String topic, RosType type, PublishOptions options) {
    RosName.checked(topic);
    Publication publication;
    boolean isNew = false;
    synchronized (publications) {
      publication = publications.get(resolve(topic));
      if (publication == null) {
        publication = new Publication(name(), resolve(topic), type, options);
        publications.put(publication.topic(), publication);
        isNew = true;
      } else if (!publication.type().equals(type) || !publication.options().equals(options)) {
        throw new RosException(
            "topic %s is already published as %s; give one of the two another name by remapping"
                .formatted(publication.topic(), publication.type().name()));
      }
      publication.use();
    }
    if (isNew) {
      watch.add(publication);
    }
    return new Handle(publication, this::forget);
  }

  @Override
  public AutoCloseable provide(String service, RosServiceType type, ServiceHandler handler) {
    URI rosrpc = uri("rosrpc", tcpServer.port());
    ServiceProvider provider = new ServiceProvider(name(), resolve(service), type, rosrpc, handler);
    if (services.putIfAbsent(provider.service(), provider) != null) {
      throw new RosException("service %s is already provided here".formatted(provider.service()));
    }
    watch.add(provider);
    return () -> {
      if (services.remove(provider.service(), provider)) {
        watch.remove(provider);
      }
    };
  }

  @Override
  public ByteBuffer call(
      String service, RosServiceType type, ByteBuffer request, Duration patience) {
    String absolute = resolve(service);
    try {
      String rosrpc =
          master
              .lookupService(absolute)
              .orElseThrow(() -> new RosException("nobody provides service " + absolute));
      return new ServiceCall(name(), absolute, type, patience).call(rosrpc, request);
    } catch (IOException e) {
      throw RosException.masterSilent(config.master(), e);
    }
  }

  @Override
  public Optional<Object> parameter(String name) {
    try {
      return master.parameter(resolve(name));
    } catch (IOException e) {
      throw RosException.masterSilent(config.master(), e);
    }
  }

  @Override
  public void setParameter(String name, Object value) {
    try {
      master.setParameter(resolve(name), value);
    } catch (IOException e) {
      throw RosException.masterSilent(config.master(), e);
    }
  }

  @Override
  public void onShutdownRequest(Consumer<String> listener) {
    shutdownListeners.add(listener);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      List.copyOf(subscriptions).forEach(Subscription::close);
      watch.close();
      publications.values().forEach(Publication::close);
      xmlRpcServer.close();
      tcpServer.close();
    }
  }

  private boolean accept(Socket socket, ConnectionHeader header) throws IOException {
    if (header.has("service")) {
      ServiceProvider provider = services.get(header.get("service"));
      if (provider == null) {
        refuse(socket, "service %s is not provided here".formatted(header.get("service")));
        return false;
      }
      provider.serve(socket, header);
      return false;
    }
    Publication publication = publications.get(header.get("topic"));
    if (publication == null) {
      refuse(socket, "topic %s is not published here".formatted(header.get("topic")));
      return false;
    }
    publication.accept(socket, header);
    return true;
  }

  private static void refuse(Socket socket, String why) throws IOException {
    ConnectionHeader.of("error", why).write(socket.getOutputStream());
  }

  private void askToEnd(String reason) {
    if (shutdownAsked.compareAndSet(false, true)) {
      shutdownListeners.forEach(listener -> listener.accept(reason));
    }
  }

  private void forget(Subscription subscription) {
    subscriptions.remove(subscription);
    boolean others = subscriptions.stream().anyMatch(s -> s.topic().equals(subscription.topic()));
    if (!others) {
      watch.remove(subscription);
    } else {
      watch.leave(subscription);
    }
  }

  private void forget(Publication publication) {
    boolean last;
    synchronized (publications) {
      last = publication.release();
      if (last) {
        publications.remove(publication.topic(), publication);
      }
    }
    if (last) {
      watch.remove(publication);
      publication.close();
    }
  }

  private URI uri(String scheme, int port) {
    return URI.create("%s://%s:%d/".formatted(scheme, config.host(), port));
  }

  /** Loopback stays on loopback; an address is listened on itself, a name wherever it leads. */
  private static InetAddress bindAddress(RosConfig config) throws IOException {
    if (config.isLoopback()) {
      return InetAddress.getByName("127.0.0.1");
    }
    boolean isAddress = config.host().matches("[0-9.]+|.*:.*");
    return isAddress ? InetAddress.getByName(config.host()) : new InetSocketAddress(0).getAddress();
  }

  /** One part's hold on a topic that several parts of the node may publish. */
  private record Handle(
      Publication publication, Consumer<Publication> closing, AtomicBoolean isClosed)
      implements RosPublisher {
    Handle(Publication publication, Consumer<Publication> closing) {
      this(publication, closing, new AtomicBoolean());
    }

    @Override
    public String topic() {
      return publication.topic();
    }

    @Override
    public void publish(ByteBuffer message) {
      publication.publish(message);
    }

    @Override
    public int subscribers() {
      return publication.subscribers();
    }

    @Override
    public long dropped() {
      return publication.dropped();
    }

    @Override
    public boolean isHeard() {
      return publication.isHeard();
    }

    @Override
    public void close() {
      if (isClosed.compareAndSet(false, true)) {
        closing.accept(publication);
      }
    }
  }
}
