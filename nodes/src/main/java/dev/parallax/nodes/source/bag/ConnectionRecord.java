package dev.parallax.nodes.source.bag;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The record of a ROS 1 bag that announces a channel; its data is itself a list of fields. */
final class ConnectionRecord {
  private ConnectionRecord() {}

  /** Null if the record is malformed or reaches beyond the buffer. */
  static @Nullable BagChannel parse(BagRecord record, ByteBuffer buffer) {
    long end = record.end();
    if (end > buffer.limit()) {
      return null;
    }
    BagRecord fields = BagRecord.ofFields(buffer, record.dataStart(), (int) end);
    if (fields == null || record.text("topic").isEmpty()) {
      return null;
    }
    Map<String, String> more = new LinkedHashMap<>();
    for (String name : BagWriter.CONNECTION_EXTRAS) {
      if (fields.has(name)) {
        more.put(name, fields.text(name));
      }
    }
    return BagChannel.ros1(
        record.u32("conn"),
        record.text("topic"),
        fields.text("type"),
        fields.text("md5sum"),
        fields.text("message_definition"),
        more);
  }
}
