package dev.parallax.nodes.source;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One publisher's stream in a bag; several may share a topic.
 *
 * @param id the number that messages refer to it by
 * @param type message type, e.g. {@code sensor_msgs/Image}
 * @param md5 checksum of the message definition
 * @param definition the message definition in full, with those it uses
 */
public record BagConnection(int id, String topic, String type, String md5, String definition) {

  /** From a connection record, whose data is itself a list of header fields; null if malformed. */
  static @Nullable BagConnection parse(BagRecord record, ByteBuffer buffer) {
    long end = record.end();
    if (end > buffer.limit()) {
      return null;
    }
    BagRecord fields = BagRecord.ofFields(buffer, record.dataStart(), (int) end);
    if (fields == null || record.text("topic").isEmpty()) {
      return null;
    }
    return new BagConnection(
        record.u32("conn"),
        record.text("topic"),
        fields.text("type"),
        fields.text("md5sum"),
        fields.text("message_definition"));
  }
}
