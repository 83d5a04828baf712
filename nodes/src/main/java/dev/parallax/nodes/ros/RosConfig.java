package dev.parallax.nodes.ros;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a node takes part in a graph.
 *
 * @param master where the master's XML-RPC server is
 * @param host under what name or address others reach this node; loopback unless the user said
 *     otherwise
 * @param namespace absolute
 * @param node absolute name
 * @param remappings absolute names to absolute names
 * @param privateParameters to set when the node starts, by name without {@code _}
 */
public record RosConfig(
    URI master,
    String host,
    String namespace,
    String node,
    Map<String, String> remappings,
    Map<String, String> privateParameters) {
  private static final String LOOPBACK = "127.0.0.1";

  public RosConfig {
    remappings = Map.copyOf(remappings);
    privateParameters = Map.copyOf(privateParameters);
  }

  /**
   * From {@code ROS_MASTER_URI}, {@code ROS_HOSTNAME}, {@code ROS_IP}, {@code ROS_NAMESPACE} and
   * arguments as {@code rosrun} and {@code roslaunch} pass them: {@code from:=to}, {@code
   * __name:=x}, {@code __ns:=x}, {@code __master:=x}, {@code __ip:=x}, {@code __hostname:=x},
   * {@code _parameter:=value}. Other arguments with two underscores are for ROS's own logging and
   * ignored.
   *
   * @throws RosException if one of them cannot be used
   */
  public static RosConfig of(Map<String, String> environment, String node, List<String> arguments) {
    Arguments given = Arguments.parse(arguments);
    URI master =
        uri(given.special("master", environment.get("ROS_MASTER_URI")), "http://localhost:11311");
    String host =
        given.special(
            "hostname",
            given.special(
                "ip", present(environment.get("ROS_HOSTNAME"), environment.get("ROS_IP"))));
    String namespace = given.special("ns", environment.get("ROS_NAMESPACE"));
    String absoluteNamespace =
        RosName.absolute(
            RosName.checked(namespace == null || namespace.isEmpty() ? "/" : namespace), "/", "/");
    String name = given.special("name", node);
    if (name == null || name.contains("/") || name.startsWith("~")) {
      throw new RosException(
          "a node's name has no /, got " + name + "; say __ns:= for a namespace");
    }
    String absoluteNode = RosName.absolute(RosName.checked(name), absoluteNamespace, "/");
    Map<String, String> remappings = new LinkedHashMap<>();
    given.remappings.forEach(
        (from, to) ->
            remappings.put(
                RosName.absolute(RosName.checked(from), absoluteNamespace, absoluteNode),
                RosName.absolute(RosName.checked(to), absoluteNamespace, absoluteNode)));
    return new RosConfig(
        master,
        host == null || host.isEmpty() ? LOOPBACK : host,
        absoluteNamespace,
        absoluteNode,
        remappings,
        given.parameters);
  }

  /**
   * The absolute name that a name stands for in this node.
   *
   * @throws RosException if it has characters that no ROS name may have
   */
  public String resolve(String name) {
    return RosName.resolve(name, namespace, node, remappings);
  }

  /** Whether nobody but this machine can reach the node. */
  public boolean isLoopback() {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  /** Whether the master is on another machine. */
  public boolean hasRemoteMaster() {
    try {
      return !InetAddress.getByName(master.getHost()).isLoopbackAddress();
    } catch (java.net.UnknownHostException e) {
      return true;
    }
  }

  /**
   * Tells the parameter server what the arguments say of private parameters.
   *
   * @throws RosException if the master cannot be reached
   */
  public void setPrivateParameters(RosNode node) {
    privateParameters.forEach((key, value) -> node.setParameter("~" + key, scalar(value)));
  }

  /** A private parameter given as text, with the type that YAML would give it. */
  static Object scalar(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    if (text.matches("-?[0-9]{1,9}")) {
      return Integer.valueOf(text);
    }
    return text.matches("-?[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?") ? Double.valueOf(text) : text;
  }

  private static @Nullable String present(@Nullable String first, @Nullable String second) {
    return first == null || first.isEmpty() ? second : first;
  }

  private static URI uri(@Nullable String given, String otherwise) {
    String text = given == null || given.isEmpty() ? otherwise : given;
    try {
      URI uri = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1) {
        throw new RosException(
            "ROS_MASTER_URI \"%s\" is not usable; it looks like http://localhost:11311"
                .formatted(text));
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new RosException(
          "ROS_MASTER_URI \"%s\" is not usable (%s); it looks like http://localhost:11311"
              .formatted(text, e.getReason()),
          e);
    }
  }

  /** Arguments in ROS's own form, sorted by what they are. */
  private record Arguments(
      Map<String, String> special, Map<String, String> parameters, Map<String, String> remappings) {
    static Arguments parse(List<String> arguments) {
      Arguments parsed = new Arguments(new HashMap<>(), new HashMap<>(), new LinkedHashMap<>());
      for (String argument : arguments) {
        int split = argument.indexOf(":=");
        if (split < 1) {
          throw new RosException(
              "\"%s\" is no ROS argument; they look like from:=to".formatted(argument));
        }
        String key = argument.substring(0, split);
        String value = argument.substring(split + 2);
        if (key.startsWith("__")) {
          parsed.special.put(key.substring(2), value);
        } else if (key.startsWith("_")) {
          parsed.parameters.put(key.substring(1), value);
        } else {
          parsed.remappings.put(key, value);
        }
      }
      return parsed;
    }

    @Nullable String special(String key, @Nullable String otherwise) {
      return special.getOrDefault(key, otherwise);
    }
  }
}
