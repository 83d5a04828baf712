package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one serialised ROS message in order, whichever of the two wire forms it has:
 * {@link Ros1Input} or {@link CdrInput}. Every read names its field, so that a message cut short
 * can be refused by topic and field. One thread.
 */
public abstract class WireInput {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final ByteBuffer data;
  private final String topic;
  private final String type;

  /**
   * @param data a view of the message's fields, its byte order set; read through
   * @param topic for error messages
   * @param type message type, for error messages
   */
  WireInput(ByteBuffer data, String topic, String type) {
    this.data = data;
    this.topic = topic;
    this.type = type;
  }

  /** The header that a stamped message starts with. */
  abstract RosHeader header() throws MessageFormatException;

  /** A string, preceded by its length. */
  public abstract String text(String field) throws MessageFormatException;

  /** Skips what the wire form puts before a value of so many bytes. */
  abstract void align(int bytes, String field) throws MessageFormatException;

  public final int u8(String field) throws MessageFormatException {
    need(1, field);
    return Byte.toUnsignedInt(data.get());
  }

  public final int i32(String field) throws MessageFormatException {
    align(4, field);
    need(4, field);
    return data.getInt();
  }

  public final long u32(String field) throws MessageFormatException {
    return Integer.toUnsignedLong(i32(field));
  }

  /** A u32 that must fit an int, as sizes of pictures do. */
  public final int size(String field) throws MessageFormatException {
    long value = u32(field);
    if (value > Integer.MAX_VALUE) {
      throw refuse(field, "is %d".formatted(value));
    }
    return (int) value;
  }

  /**
   * The length of an array whose elements take at least so many bytes each; one that the message
   * cannot hold is refused before anything is made for it.
   */
  public final int count(int leastElementBytes, String field) throws MessageFormatException {
    long count = u32(field);
    need(count * leastElementBytes, field);
    return (int) count;
  }

  public final float f32(String field) throws MessageFormatException {
    align(4, field);
    need(4, field);
    return data.getFloat();
  }

  public final double f64(String field) throws MessageFormatException {
    align(8, field);
    need(8, field);
    return data.getDouble();
  }

  /** An array of a fixed length, which has no count before it. */
  public final double[] f64s(int count, String field) throws MessageFormatException {
    if (count > 0) {
      align(8, field);
    }
    need(8L * count, field);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = data.getDouble();
    }
    return values;
  }

  /** An array preceded by its length. */
  public final double[] f64s(String field) throws MessageFormatException {
    return f64s(count(8, field), field);
  }

  /** A byte array preceded by its length; the one copy that is made of a picture's bytes. */
  public final byte[] bytes(String field) throws MessageFormatException {
    byte[] bytes = new byte[count(1, field)];
    data.get(bytes);
    return bytes;
  }

  /** Seconds and nanoseconds. */
  public final Timestamp time(String field) throws MessageFormatException {
    long seconds = u32(field);
    return new Timestamp(seconds * NANOS_PER_SECOND + u32(field));
  }

  /** The exception for a field whose value cannot be used. */
  public final MessageFormatException refuse(String field, String problem) {
    return new MessageFormatException(
        "topic %s: %s field %s %s".formatted(topic, type, field, problem));
  }

  /** So many bytes as text. */
  final String utf8(int bytes, String field) throws MessageFormatException {
    need(bytes, field);
    byte[] text = new byte[bytes];
    data.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Bytes read so far. */
  final int position() {
    return data.position();
  }

  final void skip(int bytes, String field) throws MessageFormatException {
    need(bytes, field);
    data.position(data.position() + bytes);
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
