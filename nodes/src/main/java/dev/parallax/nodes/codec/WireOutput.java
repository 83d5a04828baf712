package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Writes the fields of one ROS message in order, in one of the two wire forms: {@link Ros1Output}
 * or {@link CdrOutput}; the counterpart of {@link WireInput}. One thread.
 */
public abstract class WireOutput {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private byte[] bytes;
  private ByteBuffer data;

  /**
   * @param expectedBytes a guess; the output grows as needed
   */
  WireOutput(int expectedBytes) {
    bytes = new byte[Math.max(64, expectedBytes)];
    data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The header that a stamped message starts with. */
  abstract WireOutput header(RosHeader header);

  /** A string, preceded by its length. */
  public abstract WireOutput text(String value);

  /** Writes what the wire form puts before a value of so many bytes. */
  abstract void align(int bytes);

  public final WireOutput u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  public final WireOutput u32(long value) {
    align(4);
    room(4).putInt((int) value);
    return this;
  }

  public final WireOutput f32(float value) {
    align(4);
    room(4).putFloat(value);
    return this;
  }

  public final WireOutput f64(double value) {
    align(8);
    room(8).putDouble(value);
    return this;
  }

  /** An array of a fixed length, without a count. */
  public final WireOutput fixedF64s(double[] values) {
    for (double value : values) {
      f64(value);
    }
    return this;
  }

  /** An array preceded by its length. */
  public final WireOutput f64s(double[] values) {
    return u32(values.length).fixedF64s(values);
  }

  /** A byte array preceded by its length. */
  public final WireOutput bytes(byte[] value) {
    u32(value.length);
    room(value.length).put(value);
    return this;
  }

  /** The bytes of floats, low byte first, as a byte array preceded by its length. */
  public final WireOutput bytesOf(float[] values) {
    u32(4L * values.length);
    ByteBuffer room = room(4 * values.length);
    room.asFloatBuffer().put(values);
    room.position(room.position() + 4 * values.length);
    return this;
  }

  /** Seconds and nanoseconds. */
  public final WireOutput time(Timestamp stamp) {
    return u32(stamp.nanos() / NANOS_PER_SECOND).u32(stamp.nanos() % NANOS_PER_SECOND);
  }

  /** What was written so far; a copy only where the output was expected to be longer. */
  public final byte[] toBytes() {
    return data.position() == bytes.length ? bytes : Arrays.copyOf(bytes, data.position());
  }

  /** A view of what was written so far, without a copy. */
  public final ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes, 0, data.position()).slice();
  }

  final void raw(byte[] value) {
    room(value.length).put(value);
  }

  /** Bytes written so far. */
  final int position() {
    return data.position();
  }

  private ByteBuffer room(int count) {
    if (data.remaining() < count) {
      int position = data.position();
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, position + count));
      data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      data.position(position);
    }
    return data;
  }
}
