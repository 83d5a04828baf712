package dev.parallax.nodes.ros.rosjava;

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
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ros.address.BindAddress;
import org.ros.address.PublicAdvertiseAddressFactory;
import org.ros.concurrent.DefaultScheduledExecutorService;
import org.ros.internal.node.client.MasterClient;
import org.ros.internal.node.client.ParameterClient;
import org.ros.internal.node.client.Registrar;
import org.ros.internal.node.parameter.ParameterManager;
import org.ros.internal.node.server.NodeIdentifier;
import org.ros.internal.node.server.SlaveServer;
import org.ros.internal.node.service.ServiceFactory;
import org.ros.internal.node.service.ServiceManager;
import org.ros.internal.node.topic.PublisherFactory;
import org.ros.internal.node.topic.SubscriberFactory;
import org.ros.internal.node.topic.TopicParticipantManager;
import org.ros.namespace.GraphName;
import org.ros.node.Node;

/**
 * A ROS 1 node over rosjava. Where {@code ROS_IP} or {@code ROS_HOSTNAME} are set it listens on
 * every interface, since rosjava knows only that and loopback.
 *
 * <p>What rosjava does not do: it does not notice a master's restart, does not try a broken link
 * again, has no bound to what waits for a slow subscriber or to the length of a message, and tells
 * neither which publisher a message came from nor what it dropped.
 */
public final class RosJavaNode implements RosNode {
  private final RosConfig config;
  private final ScheduledExecutorService executor;
  private final TopicParticipantManager participants = new TopicParticipantManager();
  private final ServiceManager serviceManager = new ServiceManager();
  private final SlaveServer slave;
  private final Registrar registrar;
  private final RosJavaTopics topics;
  private final RosJavaServices services;
  private final Parameters parameters;
  private final GraphClock clock;
  private final List<Consumer<String>> shutdownListeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean shutdownAsked = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  private RosJavaNode(RosConfig config, MasterClient master, ScheduledExecutorService executor) {
    this.config = config;
    this.executor = executor;
    GraphName name = GraphName.of(config.node());
    var address = new PublicAdvertiseAddressFactory(config.host());
    slave =
        new SlaveServer(
            name,
            bindAddress(config),
            address.newDefault(),
            bindAddress(config),
            address.newDefault(),
            master,
            participants,
            serviceManager,
            new ParameterManager(executor),
            executor,
            toldToEnd());
    slave.start();
    NodeIdentifier self = slave.toNodeIdentifier();
    registrar = new Registrar(master, executor);
    participants.setListener(registrar);
    registrar.start(self);
    PublisherWatch watch = new PublisherWatch(name, master);
    watch.start(executor);
    topics =
        new RosJavaTopics(
            new PublisherFactory(self, participants, new RawMessage.Codec(), executor),
            new SubscriberFactory(self, participants, executor),
            watch);
    services =
        new RosJavaServices(
            self,
            master,
            serviceManager,
            new ServiceFactory(name, slave, serviceManager, executor));
    parameters = new Parameters(new ParameterClient(self, master.getRemoteUri()));
    clock = new GraphClock(parameters.get("/use_sim_time").equals(Optional.of(true)));
  }

  /**
   * Joins the graph.
   *
   * @throws RosException if the master cannot be reached or no port can be listened on
   */
  public static RosJavaNode connect(RosConfig config) {
    ScheduledExecutorService executor = executor();
    RosJavaNode node;
    try {
      MasterClient master = new MasterClient(config.master());
      var unused = master.getUri(GraphName.of(config.node()));
      node = new RosJavaNode(config, master, executor);
    } catch (RuntimeException e) {
      executor.shutdownNow();
      throw RosException.noMaster(config.master(), e);
    }
    config.setPrivateParameters(node);
    node.clock.follow(node);
    return node;
  }

  private static ScheduledExecutorService executor() {
    ThreadFactory threads =
        task -> {
          Thread thread = new Thread(task, "rosjava");
          thread.setDaemon(true);
          return thread;
        };
    ExecutorService pool = Executors.newCachedThreadPool(threads);
    return new DefaultScheduledExecutorService(
        pool, Executors.newSingleThreadScheduledExecutor(threads));
  }

  private static BindAddress bindAddress(RosConfig config) {
    return config.isLoopback() ? BindAddress.newPrivate() : BindAddress.newPublic();
  }

  /** rosjava's slave server ends its node when it is asked to; this one tells and lives on. */
  private Node toldToEnd() {
    return (Node)
        Proxy.newProxyInstance(
            Node.class.getClassLoader(),
            new Class<?>[] {Node.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("shutdown")) {
                throw new UnsupportedOperationException(method.toString());
              }
              askToEnd();
              return null;
            });
  }

  private void askToEnd() {
    if (!closed.get() && shutdownAsked.compareAndSet(false, true)) {
      shutdownListeners.forEach(listener -> listener.accept("asked by another node"));
    }
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
    return topics.subscribe(resolve(topic), type, options, handler);
  }

  @Override
  public RosPublisher advertise(String topic, RosType type, PublishOptions options) {
    return topics.advertise(resolve(RosName.checked(topic)), type, options);
  }

  @Override
  public AutoCloseable provide(String service, RosServiceType type, ServiceHandler handler) {
    return reaching(() -> services.provide(resolve(service), type, handler));
  }

  @Override
  public ByteBuffer call(
      String service, RosServiceType type, ByteBuffer request, Duration patience) {
    return reaching(() -> services.call(resolve(service), type, request, patience));
  }

  @Override
  public Optional<Object> parameter(String name) {
    return reaching(() -> parameters.get(resolve(name)));
  }

  @Override
  public void setParameter(String name, Object value) {
    reaching(
        () -> {
          parameters.set(resolve(name), value);
          return value;
        });
  }

  /** Its XML-RPC library throws what no signature names when the master is gone. */
  private <T> T reaching(Supplier<T> request) {
    try {
      return request.get();
    } catch (RosException e) {
      throw e;
    } catch (RuntimeException e) {
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
      services.close();
      slave.shutdown();
      participants.shutdown();
      registrar.shutdown();
      var unused = executor.shutdownNow();
    }
  }
}
