package dev.parallax.nodes.codec;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What ROS 1 derives from a message's fields: its checksum and its whole definition. */
final class RosDefinition {
  private static final String SEPARATOR = "=".repeat(80) + "\n";

  private RosDefinition() {}

  /**
   * The checksum as genmsg computes it: MD5 of the lines, constants first, each embedded type
   * replaced by its own checksum.
   */
  static String md5(String fields) {
    return digest(md5Text(fields));
  }

  /** The checksum of a service: MD5 of both texts, one after the other. */
  static String md5(String requestFields, String responseFields) {
    return digest(md5Text(requestFields) + md5Text(responseFields));
  }

  /** The fields, then each embedded type once, in the order of their first use. */
  static String withEmbedded(String fields) {
    Set<Ros1Type> used = new LinkedHashSet<>();
    collect(fields, used);
    StringBuilder text = new StringBuilder(fields);
    for (Ros1Type type : used) {
      text.append(SEPARATOR)
          .append("MSG: ")
          .append(type.typeName())
          .append('\n')
          .append(type.fields());
    }
    return text.toString();
  }

  private static void collect(String fields, Set<Ros1Type> used) {
    for (String line : fields.lines().toList()) {
      Ros1Type type = embedded(line);
      if (type != null && used.add(type)) {
        collect(type.fields(), used);
      }
    }
  }

  private static String md5Text(String fields) {
    List<String> constants = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (String line : fields.lines().toList()) {
      Ros1Type type = embedded(line);
      if (type != null) {
        others.add(md5(type.fields()) + line.substring(line.indexOf(' ')));
      } else if (line.contains("=")) {
        constants.add(line);
      } else {
        others.add(line);
      }
    }
    constants.addAll(others);
    return String.join("\n", constants);
  }

  /** The message type that a field has, or null if it is a plain value. */
  private static @Nullable Ros1Type embedded(String line) {
    String type = line.substring(0, line.indexOf(' '));
    int bracket = type.indexOf('[');
    return Ros1Type.of(bracket < 0 ? type : type.substring(0, bracket));
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return "%032x".formatted(new BigInteger(1, digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }
}
