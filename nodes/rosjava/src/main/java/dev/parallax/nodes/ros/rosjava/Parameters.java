package dev.parallax.nodes.ros.rosjava;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ros.internal.node.client.ParameterClient;
import org.ros.namespace.GraphName;

/** The parameter server, with lists as {@link List}. Any thread. */
final class Parameters {
  private final ParameterClient client;

  Parameters(ParameterClient client) {
    this.client = client;
  }

  Optional<Object> get(String absolute) {
    GraphName name = GraphName.of(absolute);
    if (!Boolean.TRUE.equals(client.hasParam(name).getResult())) {
      return Optional.empty();
    }
    return Optional.ofNullable(client.getParam(name).getResult()).map(Parameters::plain);
  }

  void set(String absolute, Object value) {
    GraphName name = GraphName.of(absolute);
    if (value instanceof Boolean each) {
      client.setParam(name, each);
    } else if (value instanceof Integer each) {
      client.setParam(name, each);
    } else if (value instanceof Double each) {
      client.setParam(name, each);
    } else if (value instanceof String each) {
      client.setParam(name, each);
    } else if (value instanceof List<?> each) {
      client.setParam(name, each);
    } else if (value instanceof Map<?, ?> each) {
      client.setParam(name, each);
    } else {
      throw new IllegalArgumentException("No parameter can be a " + value.getClass());
    }
  }

  /** Its XML-RPC library gives arrays. */
  private static Object plain(Object value) {
    if (value instanceof Object[] array) {
      List<Object> list = new ArrayList<>();
      for (Object each : array) {
        list.add(plain(each));
      }
      return list;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> plain = new LinkedHashMap<>();
      map.forEach((key, each) -> plain.put(key, plain(each)));
      return plain;
    }
    return value;
  }
}
