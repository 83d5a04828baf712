package dev.parallax.nodes.source.bag;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the fields of a record's header in ROS 1 bags. One thread. */
final class RecordFields {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  RecordFields op(int op) {
    return field("op", new byte[] {(byte) op});
  }

  RecordFields u32(String name, int value) {
    return field(name, little(4).putInt(value).array());
  }

  RecordFields u64(String name, long value) {
    return field(name, little(8).putLong(value).array());
  }

  RecordFields time(String name, long nanos) {
    return field(name, putTime(little(8), nanos).array());
  }

  RecordFields text(String name, String value) {
    return field(name, value.getBytes(StandardCharsets.UTF_8));
  }

  RecordFields bytes(String name, byte[] value) {
    return field(name, value);
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }

  private RecordFields field(String name, byte[] value) {
    bytes.writeBytes(little(4).putInt(name.length() + 1 + value.length).array());
    bytes.writeBytes((name + "=").getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(value);
    return this;
  }

  static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A ROS time: seconds, then nanoseconds. */
  static ByteBuffer putTime(ByteBuffer buffer, long nanos) {
    return buffer.putInt((int) (nanos / NANOS_PER_SECOND)).putInt((int) (nanos % NANOS_PER_SECOND));
  }
}
