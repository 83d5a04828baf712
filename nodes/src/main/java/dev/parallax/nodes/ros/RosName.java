package dev.parallax.nodes.ros;

import java.util.Map;
import java.util.regex.Pattern;

/** ROS graph names: their form and how they are resolved (wiki.ros.org/Names). */
public final class RosName {
  private static final Pattern LEGAL = Pattern.compile("[~/]?([A-Za-z][A-Za-z0-9_/]*)?");

  private RosName() {}

  /**
   * Checks a name as a user writes it.
   *
   * @throws RosException if it has characters that no ROS name may have
   */
  public static String checked(String name) {
    if (name.isEmpty() || !LEGAL.matcher(name).matches() || name.contains("//")) {
      throw new RosException(
          ("\"%s\" is no ROS name: letters, digits, _ and / are allowed, and a letter comes first"
                  + " after an optional / or ~")
              .formatted(name.replaceAll("\\p{Cntrl}", "?")));
    }
    return name;
  }

  /**
   * The absolute name.
   *
   * @param namespace of the node, absolute
   * @param node the node's own absolute name
   * @param remappings absolute names to absolute names
   */
  static String resolve(
      String name, String namespace, String node, Map<String, String> remappings) {
    String absolute = absolute(checked(name), namespace, node);
    return remappings.getOrDefault(absolute, absolute);
  }

  /** The absolute name without remapping. */
  static String absolute(String name, String namespace, String node) {
    String joined =
        switch (name.charAt(0)) {
          case '/' -> name;
          case '~' -> node + "/" + name.substring(1);
          default -> namespace + "/" + name;
        };
    String clean = joined.replaceAll("/+", "/");
    return clean.length() > 1 && clean.endsWith("/")
        ? clean.substring(0, clean.length() - 1)
        : clean;
  }
}
