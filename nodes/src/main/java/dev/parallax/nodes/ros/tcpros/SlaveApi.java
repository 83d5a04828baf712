package dev.parallax.nodes.ros.tcpros;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** What the master and other nodes may ask of this one (wiki.ros.org/ROS/Slave_API). */
final class SlaveApi implements XmlRpcServer.Methods {
  private static final int FAILURE = 0;
  private static final int ERROR = -1;

  private final URI master;
  private final String host;
  private final IntSupplier tcpPort;
  private final Map<String, Publication> publications;
  private final Collection<Subscription> subscriptions;
  private final Consumer<String> shutdown;

  /**
   * @param publications by topic, looked at when asked
   * @param subscriptions looked at when asked
   * @param shutdown given the reason
   */
  SlaveApi(
      URI master,
      String host,
      IntSupplier tcpPort,
      Map<String, Publication> publications,
      Collection<Subscription> subscriptions,
      Consumer<String> shutdown) {
    this.master = master;
    this.host = host;
    this.tcpPort = tcpPort;
    this.publications = publications;
    this.subscriptions = subscriptions;
    this.shutdown = shutdown;
  }

  @Override
  public @Nullable Object call(String method, List<Object> parameters) {
    return switch (method) {
      case "publisherUpdate" -> publisherUpdate(parameters);
      case "requestTopic" -> requestTopic(parameters);
      case "getPid" -> success((int) ProcessHandle.current().pid());
      case "getMasterUri" -> success(master.toString());
      case "getBusInfo" -> success(busInfo());
      case "getBusStats" -> success(List.of(List.of(), List.of(), List.of()));
      case "getSubscriptions" ->
          success(subscriptions.stream().map(s -> List.of(s.topic(), s.type().name())).toList());
      case "getPublications" ->
          success(
              publications.values().stream()
                  .map(p -> List.of(p.topic(), p.type().name()))
                  .toList());
      case "paramUpdate" -> success(0);
      case "shutdown" -> {
        shutdown.accept(parameters.size() > 1 ? String.valueOf(parameters.get(1)) : "");
        yield success(0);
      }
      default -> null;
    };
  }

  private Object publisherUpdate(List<Object> parameters) {
    if (parameters.size() != 3
        || !(parameters.get(1) instanceof String topic)
        || !(parameters.get(2) instanceof List<?> uris)) {
      return answer(ERROR, "publisherUpdate takes caller_id, topic and a list of publishers", 0);
    }
    List<String> publishers = uris.stream().map(Object::toString).toList();
    for (Subscription subscription : subscriptions) {
      if (subscription.topic().equals(topic)) {
        subscription.publishers(publishers);
      }
    }
    return success(0);
  }

  private Object requestTopic(List<Object> parameters) {
    if (parameters.size() != 3
        || !(parameters.get(1) instanceof String topic)
        || !(parameters.get(2) instanceof List<?> protocols)) {
      return answer(ERROR, "requestTopic takes caller_id, topic and a list of protocols", 0);
    }
    if (!publications.containsKey(topic)) {
      return answer(ERROR, "topic %s is not published here".formatted(topic), 0);
    }
    boolean tcp =
        protocols.stream().anyMatch(p -> p instanceof List<?> list && list.contains("TCPROS"));
    return tcp
        ? success(List.of("TCPROS", host, tcpPort.getAsInt()))
        : answer(FAILURE, "only TCPROS is spoken here", 0);
  }

  private List<Object> busInfo() {
    List<Object> links = new ArrayList<>();
    for (Publication publication : publications.values()) {
      for (String subscriber : publication.subscriberNames()) {
        links.add(List.of(links.size(), subscriber, "o", "TCPROS", publication.topic(), true));
      }
    }
    for (Subscription subscription : subscriptions) {
      for (URI publisher : subscription.connected()) {
        links.add(
            List.of(links.size(), publisher.toString(), "i", "TCPROS", subscription.topic(), true));
      }
    }
    return links;
  }

  private static List<Object> success(Object value) {
    return answer(1, "", value);
  }

  private static List<Object> answer(int status, String message, Object value) {
    return List.of(status, message, value);
  }
}
