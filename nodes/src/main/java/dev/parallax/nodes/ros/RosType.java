package dev.parallax.nodes.ros;

import dev.parallax.nodes.codec.Ros1Type;

/**
 * What two ends of a topic compare before they talk.
 *
 * @param name e.g. {@code sensor_msgs/Image}; {@code *} subscribes to whatever is published
 * @param md5 of the definition, or {@code *}
 */
public record RosType(String name, String md5, String definition) {
  /** Matches every type, for subscribers alone. */
  public static final RosType ANY = new RosType("*", "*", "");

  public static RosType of(Ros1Type type) {
    return new RosType(type.typeName(), type.md5(), type.definition());
  }

  /** Whether messages of the other type can be read as this one. */
  public boolean matches(String otherName, String otherMd5) {
    return alike(md5, otherMd5) && alike(name, otherName);
  }

  private static boolean alike(String one, String other) {
    return one.equals("*") || other.equals("*") || one.equals(other);
  }
}
