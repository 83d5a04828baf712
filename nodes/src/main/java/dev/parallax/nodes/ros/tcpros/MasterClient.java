package dev.parallax.nodes.ros.tcpros;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The master's API (wiki.ros.org/ROS/Master_API) as one caller uses it. Every method throws
 * IOException where the master cannot be reached or does not answer as it should. Any thread.
 */
final class MasterClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final URI master;
  private final String caller;
  private final XmlRpcClient client = new XmlRpcClient(TIMEOUT);

  MasterClient(URI master, String caller) {
    this.master = master;
    this.caller = caller;
  }

  /**
   * @return the publishers' slave APIs
   */
  List<String> registerSubscriber(String topic, String type, URI slave) throws IOException {
    return texts(need("registerSubscriber", topic, type, slave.toString()));
  }

  void registerPublisher(String topic, String type, URI slave) throws IOException {
    Object unused = need("registerPublisher", topic, type, slave.toString());
  }

  void registerService(String service, URI rosrpc, URI slave) throws IOException {
    Object unused = need("registerService", service, rosrpc.toString(), slave.toString());
  }

  void unregisterSubscriber(String topic, URI slave) throws IOException {
    Object unused = need("unregisterSubscriber", topic, slave.toString());
  }

  void unregisterPublisher(String topic, URI slave) throws IOException {
    Object unused = need("unregisterPublisher", topic, slave.toString());
  }

  void unregisterService(String service, URI rosrpc) throws IOException {
    Object unused = need("unregisterService", service, rosrpc.toString());
  }

  /** Where a service is, if anybody provides it. */
  Optional<String> lookupService(String service) throws IOException {
    return Optional.ofNullable(ask("lookupService", service)).map(Object::toString);
  }

  /** A node's slave API, if the master knows the node. */
  Optional<String> lookupNode(String node) throws IOException {
    return Optional.ofNullable(ask("lookupNode", node)).map(Object::toString);
  }

  Optional<Object> parameter(String name) throws IOException {
    return Optional.ofNullable(ask("getParam", name));
  }

  void setParameter(String name, Object value) throws IOException {
    Object unused = need("setParam", name, value);
  }

  /** {@code [publishers, subscribers, services]}, each a list of {@code [name, [nodes]]}. */
  Object systemState() throws IOException {
    return need("getSystemState");
  }

  /** A list of {@code [topic, type]}. */
  Object topicTypes() throws IOException {
    return need("getTopicTypes");
  }

  /** The value; null if the master answers that there is none. */
  private @Nullable Object ask(String method, Object... parameters) throws IOException {
    List<?> answer = call(method, parameters);
    return Integer.valueOf(1).equals(answer.get(0)) ? answer.get(2) : null;
  }

  private Object need(String method, Object... parameters) throws IOException {
    List<?> answer = call(method, parameters);
    if (!Integer.valueOf(1).equals(answer.get(0))) {
      throw new XmlRpcException("%s: %s".formatted(method, answer.get(1)));
    }
    return answer.get(2);
  }

  private List<?> call(String method, Object... parameters) throws IOException {
    List<Object> all = new ArrayList<>(List.of(caller));
    all.addAll(List.of(parameters));
    if (callTwice(method, all) instanceof List<?> answer && answer.size() == 3) {
      return answer;
    }
    throw new XmlRpcException(
        "%s: the master's answer is not [status, message, value]".formatted(method));
  }

  /**
   * A busy master now and then closes a connection without a word; every call may be made twice
   * with the same effect as once.
   */
  private Object callTwice(String method, List<Object> parameters) throws IOException {
    try {
      return client.call(master, method, parameters);
    } catch (ConnectException e) {
      throw e; // nobody listens there: a second attempt would only take longer to say so
    } catch (IOException e) {
      return client.call(master, method, parameters);
    }
  }

  private static List<String> texts(Object value) {
    return value instanceof List<?> list ? list.stream().map(Object::toString).toList() : List.of();
  }
}
