package dev.parallax.nodes.source.bag;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The header of one record of a ROS 1 bag, version 2.0: {@code <u32 length><fields><u32 length>
 * <data>}, a field being {@code <u32 length>name=value}, all little-endian (wiki.ros.org/Bags/
 * Format/2.0). Field values stay in the buffer they were parsed from.
 */
final class BagRecord {
  static final int MESSAGE = 0x02;
  static final int BAG_HEADER = 0x03;
  static final int INDEX_DATA = 0x04;
  static final int CHUNK = 0x05;
  static final int CHUNK_INFO = 0x06;
  static final int CONNECTION = 0x07;

  /** More than any real header; a longer one is damage. */
  static final int MAX_HEADER_BYTES = 1 << 16;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final ByteBuffer buffer;
  private final int fieldsStart;
  private final int fieldsEnd;
  private final int op;

  private BagRecord(ByteBuffer buffer, int fieldsStart, int fieldsEnd) {
    this.buffer = buffer;
    this.fieldsStart = fieldsStart;
    this.fieldsEnd = fieldsEnd;
    int at = find("op");
    this.op = at >= 0 ? Byte.toUnsignedInt(buffer.get(at)) : -1;
  }

  /**
   * The record that starts at {@code at}; null if its header does not lie wholly in the buffer, is
   * malformed, or has no {@code op}. Its data may reach beyond the buffer.
   */
  static @Nullable BagRecord parse(ByteBuffer buffer, int at) {
    if (at < 0 || at > buffer.limit() - 8) {
      return null;
    }
    int length = buffer.getInt(at);
    if (length < 0 || length > MAX_HEADER_BYTES || at + 8 + length > buffer.limit()) {
      return null;
    }
    int end = at + 4 + length;
    if (!fieldsFill(buffer, at + 4, end)) {
      return null;
    }
    BagRecord record = new BagRecord(buffer, at + 4, end);
    return record.op < 0 ? null : record;
  }

  /** The header fields in {@code [start, end)} without a record around them. */
  static @Nullable BagRecord ofFields(ByteBuffer buffer, int start, int end) {
    return fieldsFill(buffer, start, end) ? new BagRecord(buffer, start, end) : null;
  }

  int op() {
    return op;
  }

  /** Where the data starts, in the buffer parsed. */
  int dataStart() {
    return fieldsEnd + 4;
  }

  long dataLength() {
    return Integer.toUnsignedLong(buffer.getInt(fieldsEnd));
  }

  /** One past the data, in the buffer parsed, whether or not the buffer reaches so far. */
  long end() {
    return dataStart() + dataLength();
  }

  /** A 32-bit field, as stored; 0 if it is missing. */
  int u32(String name) {
    int at = find(name);
    return at >= 0 && valueLength(at) >= 4 ? buffer.getInt(at) : 0;
  }

  /** A 64-bit field; 0 if it is missing. */
  long u64(String name) {
    int at = find(name);
    return at >= 0 && valueLength(at) >= 8 ? buffer.getLong(at) : 0;
  }

  /** A ROS time field (seconds, nanoseconds) in nanoseconds; 0 if it is missing. */
  long timeNs(String name) {
    int at = find(name);
    return at >= 0 && valueLength(at) >= 8 ? timeNs(buffer, at) : 0;
  }

  static long timeNs(ByteBuffer buffer, int at) {
    return Integer.toUnsignedLong(buffer.getInt(at)) * NANOS_PER_SECOND
        + Integer.toUnsignedLong(buffer.getInt(at + 4));
  }

  boolean has(String name) {
    return find(name) >= 0;
  }

  /** A text field; empty if it is missing. */
  String text(String name) {
    int at = find(name);
    if (at < 0) {
      return "";
    }
    byte[] bytes = new byte[valueLength(at)];
    buffer.get(at, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static boolean fieldsFill(ByteBuffer buffer, int start, int end) {
    int i = start;
    while (i < end) {
      if (i > end - 4) {
        return false;
      }
      int length = buffer.getInt(i);
      if (length <= 0 || length > end - i - 4) {
        return false;
      }
      i += 4 + length;
    }
    return true;
  }

  /** Where the value of a field starts, or -1. */
  private int find(String name) {
    for (int i = fieldsStart; i < fieldsEnd; i += 4 + buffer.getInt(i)) {
      if (buffer.getInt(i) > name.length() && nameAt(i + 4, name)) {
        return i + 4 + name.length() + 1;
      }
    }
    return -1;
  }

  private boolean nameAt(int at, String name) {
    for (int k = 0; k < name.length(); k++) {
      if (buffer.get(at + k) != name.charAt(k)) {
        return false;
      }
    }
    return buffer.get(at + name.length()) == '=';
  }

  /** Bytes from a value's start to its field's end. */
  private int valueLength(int valueStart) {
    for (int i = fieldsStart; i < fieldsEnd; i += 4 + buffer.getInt(i)) {
      int fieldEnd = i + 4 + buffer.getInt(i);
      if (valueStart <= fieldEnd && valueStart > i) {
        return fieldEnd - valueStart;
      }
    }
    return 0;
  }
}
