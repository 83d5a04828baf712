package dev.parallax.nodes.source.mcap;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the fields of one record in order; everything is little-endian. One thread. */
final class McapInput {
  private final ByteBuffer data;

  /**
   * @param data from its position to its limit; neither is changed
   */
  McapInput(ByteBuffer data) {
    this.data = data.slice().order(ByteOrder.LITTLE_ENDIAN); // slice() forgets the byte order
  }

  int u8() throws McapFormatException {
    need(1);
    return Byte.toUnsignedInt(data.get());
  }

  int u16() throws McapFormatException {
    need(2);
    return Short.toUnsignedInt(data.getShort());
  }

  long u32() throws McapFormatException {
    need(4);
    return Integer.toUnsignedLong(data.getInt());
  }

  /** An unsigned number that must be below 2^63, as sizes, offsets and times are. */
  long u64() throws McapFormatException {
    need(8);
    long value = data.getLong();
    if (value < 0) {
      throw new McapFormatException("number beyond 2^63");
    }
    return value;
  }

  String text() throws McapFormatException {
    return new String(bytes(u32()), StandardCharsets.UTF_8);
  }

  byte[] bytes(long count) throws McapFormatException {
    need(count);
    byte[] bytes = new byte[(int) count];
    data.get(bytes);
    return bytes;
  }

  Map<String, String> textMap() throws McapFormatException {
    long end = u32() + data.position();
    Map<String, String> map = new LinkedHashMap<>();
    while (data.position() < end) {
      map.put(text(), text());
    }
    return map;
  }

  /** From u16 numbers to u64 numbers. */
  Map<Integer, Long> numberMap() throws McapFormatException {
    long end = u32() + data.position();
    Map<Integer, Long> map = new LinkedHashMap<>();
    while (data.position() < end) {
      map.put(u16(), u64());
    }
    return map;
  }

  /** Bytes read so far. */
  int position() {
    return data.position();
  }

  private void need(long bytes) throws McapFormatException {
    if (bytes > data.remaining()) {
      throw new McapFormatException(
          "needs %d bytes at %d, the record has %d"
              .formatted(bytes, data.position(), data.limit()));
    }
  }
}
