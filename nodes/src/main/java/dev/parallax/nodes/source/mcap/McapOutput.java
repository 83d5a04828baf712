package dev.parallax.nodes.source.mcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Writes the fields of records in order into memory that grows; little-endian. One thread. */
final class McapOutput {
  private byte[] bytes;
  private ByteBuffer data;

  McapOutput(int expectedBytes) {
    bytes = new byte[Math.max(64, expectedBytes)];
    data = wrap(bytes);
  }

  McapOutput u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  McapOutput u16(int value) {
    room(2).putShort((short) value);
    return this;
  }

  McapOutput u32(long value) {
    room(4).putInt((int) value);
    return this;
  }

  McapOutput u64(long value) {
    room(8).putLong(value);
    return this;
  }

  McapOutput text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return u32(utf8.length).bytes(utf8);
  }

  McapOutput bytes(byte[] value) {
    room(value.length).put(value);
    return this;
  }

  McapOutput bytes(ByteBuffer value) {
    room(value.remaining()).put(value.duplicate());
    return this;
  }

  McapOutput textMap(Map<String, String> map) {
    McapOutput pairs = new McapOutput(256);
    map.forEach((key, value) -> pairs.text(key).text(value));
    return u32(pairs.size()).bytes(pairs.written());
  }

  /** A whole record. */
  McapOutput record(int op, McapOutput content) {
    return u8(op).u64(content.size()).bytes(content.written());
  }

  int size() {
    return data.position();
  }

  /** What was written so far; valid until more is. */
  ByteBuffer written() {
    return ByteBuffer.wrap(bytes, 0, data.position());
  }

  /** Forgets what was written, keeps the memory. */
  void clear() {
    data.clear();
  }

  private ByteBuffer room(int count) {
    if (data.remaining() < count) {
      int position = data.position();
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, position + count));
      data = wrap(bytes);
      data.position(position);
    }
    return data;
  }

  private static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
