package dev.parallax.nodes.source.bag;

import dev.parallax.nodes.codec.MessageDecoder;
import dev.parallax.nodes.codec.Ros1Type;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One publisher's stream in a bag; several may share a topic.
 *
 * @param id the number that messages refer to it by
 * @param encoding how messages are serialised: {@code ros1}, {@code cdr}, {@code protobuf} or
 *     another of MCAP's well-known names
 * @param schema what the messages are
 * @param metadata what else the recorder noted, e.g. {@code md5sum}, {@code callerid}, {@code
 *     latching}
 */
public record BagChannel(
    int id, String topic, String encoding, Schema schema, Map<String, String> metadata) {
  /** The metadata key of the checksum of a ROS 1 message definition. */
  static final String MD5 = "md5sum";

  /**
   * A message type and its definition.
   *
   * @param name e.g. {@code sensor_msgs/Image}; empty where nobody said
   * @param encoding of the definition: {@code ros1msg}, {@code ros2msg}, {@code protobuf}, ...
   * @param data the definition in full, with those it uses; not to be changed
   */
  public record Schema(String name, String encoding, byte[] data) {
    /** The encoding of ROS 1 message definitions. */
    public static final String ROS1 = "ros1msg";
  }

  public BagChannel {
    metadata = Map.copyOf(metadata);
  }

  /** A stream of ROS 1 messages of our own. */
  public static BagChannel of(String topic, Ros1Type type) {
    return ros1(0, topic, type.typeName(), type.md5(), type.definition(), Map.of());
  }

  /** A ROS 1 publisher's stream. */
  static BagChannel ros1(
      int id, String topic, String type, String md5, String definition, Map<String, String> more) {
    Map<String, String> metadata = new LinkedHashMap<>(more);
    metadata.put(MD5, md5);
    byte[] text = definition.getBytes(StandardCharsets.UTF_8);
    return new BagChannel(
        id, topic, MessageDecoder.ROS1, new Schema(type, Schema.ROS1, text), metadata);
  }

  /** Decodes its messages. */
  public MessageDecoder decoder() {
    return new MessageDecoder(encoding, type(), topic);
  }

  /** The message type's name. */
  public String type() {
    return schema.name();
  }

  /** The definition of the type where that is text. */
  public String definition() {
    return new String(schema.data(), StandardCharsets.UTF_8);
  }

  /** The checksum of a ROS 1 definition; empty where the recorder noted none. */
  public String md5() {
    return metadata.getOrDefault(MD5, "");
  }
}
