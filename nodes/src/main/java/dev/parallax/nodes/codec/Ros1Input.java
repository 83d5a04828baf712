package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one serialised ROS 1 message in order: little-endian, unpadded, strings and
 * arrays preceded by a u32 count. Every read names its field, so that a message cut short can be
 * refused by topic and field. One thread.
 */
public final class Ros1Input {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final ByteBuffer data;
  private final String topic;
  private final String type;

  /**
   * @param data the message from its position to its limit; neither is changed
   * @param topic for error messages
   * @param type message type, for error messages
   */
  public Ros1Input(ByteBuffer data, String topic, String type) {
    this.data = data.slice().order(ByteOrder.LITTLE_ENDIAN); // slice() forgets the byte order
    this.topic = topic;
    this.type = type;
  }

  public int u8(String field) throws MessageFormatException {
    need(1, field);
    return Byte.toUnsignedInt(data.get());
  }

  public long u32(String field) throws MessageFormatException {
    need(4, field);
    return Integer.toUnsignedLong(data.getInt());
  }

  /** A u32 that must fit an int, as sizes of pictures do. */
  public int size(String field) throws MessageFormatException {
    long value = u32(field);
    if (value > Integer.MAX_VALUE) {
      throw refuse(field, "is %d".formatted(value));
    }
    return (int) value;
  }

  public float f32(String field) throws MessageFormatException {
    need(4, field);
    return data.getFloat();
  }

  public double f64(String field) throws MessageFormatException {
    need(8, field);
    return data.getDouble();
  }

  /** An array of a fixed length, which has no count before it. */
  public double[] f64s(int count, String field) throws MessageFormatException {
    need(8L * count, field);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = data.getDouble();
    }
    return values;
  }

  /** An array preceded by its length. */
  public double[] f64s(String field) throws MessageFormatException {
    long count = u32(field);
    need(8 * count, field);
    return f64s((int) count, field);
  }

  /** A byte array preceded by its length. */
  public byte[] bytes(String field) throws MessageFormatException {
    long count = u32(field);
    need(count, field);
    byte[] bytes = new byte[(int) count];
    data.get(bytes);
    return bytes;
  }

  public String text(String field) throws MessageFormatException {
    return new String(bytes(field), StandardCharsets.UTF_8);
  }

  public Timestamp time(String field) throws MessageFormatException {
    long seconds = u32(field);
    return new Timestamp(seconds * NANOS_PER_SECOND + u32(field));
  }

  /** The exception for a field whose value cannot be used. */
  public MessageFormatException refuse(String field, String problem) {
    return new MessageFormatException(
        "topic %s: %s field %s %s".formatted(topic, type, field, problem));
  }

  private void need(long bytes, String field) throws MessageFormatException {
    if (bytes > data.remaining()) {
      throw refuse(
          field,
          "is cut short: needs %d bytes at %d, the message has %d; record the topic again or skip it"
              .formatted(bytes, data.position(), data.limit()));
    }
  }
}
