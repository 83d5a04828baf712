package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the fields of one ROS 1 message in order: the counterpart of {@link Ros1Input}. */
public final class Ros1Output {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private byte[] bytes;
  private ByteBuffer data;

  /**
   * @param expectedBytes a guess; the output grows as needed
   */
  public Ros1Output(int expectedBytes) {
    bytes = new byte[Math.max(64, expectedBytes)];
    data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  public Ros1Output u8(int value) {
    room(1).put((byte) value);
    return this;
  }

  public Ros1Output u32(long value) {
    room(4).putInt((int) value);
    return this;
  }

  public Ros1Output f32(float value) {
    room(4).putFloat(value);
    return this;
  }

  public Ros1Output f64(double value) {
    room(8).putDouble(value);
    return this;
  }

  /** An array of a fixed length, without a count. */
  public Ros1Output fixedF64s(double[] values) {
    for (double value : values) {
      f64(value);
    }
    return this;
  }

  /** An array preceded by its length. */
  public Ros1Output f64s(double[] values) {
    return u32(values.length).fixedF64s(values);
  }

  /** A byte array preceded by its length. */
  public Ros1Output bytes(byte[] value) {
    u32(value.length);
    room(value.length).put(value);
    return this;
  }

  public Ros1Output text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public Ros1Output time(Timestamp stamp) {
    return u32(stamp.nanos() / NANOS_PER_SECOND).u32(stamp.nanos() % NANOS_PER_SECOND);
  }

  /** A copy of what was written so far. */
  public byte[] toBytes() {
    return Arrays.copyOf(bytes, data.position());
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
