package dev.parallax.nodes.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Arrays of 32-bit floats as little-endian bytes. */
final class ProtoFloats {
  private ProtoFloats() {}

  static byte[] bytes(float[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  static float[] floats(ByteBuffer bytes) {
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
