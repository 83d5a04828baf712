package dev.parallax.nodes.ros;

import dev.parallax.nodes.codec.RosServiceType;
import dev.parallax.nodes.codec.WireOutput;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A node of a ROS 1 graph. Names may be absolute, relative or private ({@code ~name}) and are
 * resolved and remapped as ROS does. Every method may be called from any thread.
 */
public interface RosNode extends AutoCloseable {
  /** The node's own name, absolute. */
  String name();

  /**
   * The absolute name that a name stands for in this node.
   *
   * @throws RosException if it has characters that no ROS name may have
   */
  String resolve(String name);

  /** The graph's time. */
  RosClock clock();

  /**
   * Listens to a topic, whoever publishes it and whenever they begin to.
   *
   * @param handler called by one thread for each publisher; what it throws ends that link
   */
  RosSubscription subscribe(
      String topic, RosType type, SubscribeOptions options, Consumer<RosDelivery> handler);

  /** Announces a topic. */
  RosPublisher advertise(String topic, RosType type, PublishOptions options);

  /**
   * Answers a service until the returned handle is closed.
   *
   * @param handler given the request; called by one thread for each caller
   */
  AutoCloseable provide(String service, RosServiceType type, ServiceHandler handler);

  /**
   * Calls a service.
   *
   * @param request serialised
   * @return the response, serialised
   * @throws RosException if nobody provides it, it does not answer in time or it failed
   */
  ByteBuffer call(String service, RosServiceType type, ByteBuffer request, Duration patience);

  /**
   * A parameter of the parameter server: Boolean, Integer, Double, String, List or Map.
   *
   * @throws RosException if the master cannot be reached
   */
  Optional<Object> parameter(String name);

  /**
   * Sets a parameter.
   *
   * @throws RosException if the master cannot be reached
   */
  void setParameter(String name, Object value);

  /** Told once, with the reason, when somebody asks this node to end. */
  void onShutdownRequest(Consumer<String> listener);

  /** Takes back every registration and ends every link and thread. */
  @Override
  void close();

  /** Answers a service. */
  @FunctionalInterface
  interface ServiceHandler {
    /**
     * @param request serialised, valid during the call
     * @param response where the answer is written
     * @throws RosException to tell the caller that it failed, and why
     */
    void answer(ByteBuffer request, WireOutput response);
  }
}
