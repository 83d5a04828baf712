package dev.parallax.sim.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The constants of an ONNX file as {@link OnnxGraph} writes it: floats in {@code raw_data}. Other
 * tensors are passed over. Field numbers are those of {@code onnx.proto}.
 */
final class OnnxWeights {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_SIZES = 1;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW = 9;
  private static final long FLOAT = 1;

  private OnnxWeights() {}

  /** A constant. */
  record Weights(long[] shape, float[] values) {}

  /**
   * @return constants by name
   * @throws IllegalArgumentException if the bytes are no whole Protobuf message
   */
  static Map<String, Weights> of(byte[] onnx) {
    Map<String, Weights> found = new LinkedHashMap<>();
    for (Field model : fields(ByteBuffer.wrap(onnx))) {
      if (model.number() == MODEL_GRAPH && model.bytes() != null) {
        for (Field graph : fields(model.bytes())) {
          if (graph.number() == GRAPH_INITIALIZER && graph.bytes() != null) {
            add(graph.bytes(), found);
          }
        }
      }
    }
    return found;
  }

  private static void add(ByteBuffer tensor, Map<String, Weights> found) {
    List<Long> sizes = new ArrayList<>();
    long type = 0;
    String name = "";
    ByteBuffer raw = null;
    for (Field field : fields(tensor)) {
      ByteBuffer bytes = field.bytes();
      switch (field.number()) {
        case TENSOR_SIZES -> sizes.addAll(sizes(field));
        case TENSOR_TYPE -> type = field.value();
        case TENSOR_NAME ->
            name = bytes == null ? "" : StandardCharsets.UTF_8.decode(bytes).toString();
        case TENSOR_RAW -> raw = bytes;
        default -> {}
      }
    }
    if (type == FLOAT && raw != null) {
      float[] values = new float[raw.remaining() / Float.BYTES];
      raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      long[] shape = sizes.stream().mapToLong(Long::longValue).toArray();
      found.put(name, new Weights(shape, values));
    }
  }

  /** One number, or several packed into one field. */
  private static List<Long> sizes(Field field) {
    ByteBuffer packed = field.bytes();
    if (packed == null) {
      return List.of(field.value());
    }
    List<Long> all = new ArrayList<>();
    while (packed.hasRemaining()) {
      all.add(varint(packed));
    }
    return all;
  }

  /**
   * A field of Protobuf's wire format.
   *
   * @param value of a plain number
   * @param bytes of anything with a length, else null
   */
  private record Field(int number, long value, @Nullable ByteBuffer bytes) {}

  private static List<Field> fields(ByteBuffer in) {
    List<Field> all = new ArrayList<>();
    while (in.hasRemaining()) {
      long key = varint(in);
      int number = (int) (key >>> 3);
      switch ((int) key & 7) {
        case 0 -> all.add(new Field(number, varint(in), null));
        case 1 -> all.add(new Field(number, number(slice(in, Long.BYTES)), null));
        case 2 -> all.add(new Field(number, 0, slice(in, varint(in))));
        case 5 -> all.add(new Field(number, number(slice(in, Integer.BYTES)), null));
        default -> throw new IllegalArgumentException("it is no ONNX file");
      }
    }
    return all;
  }

  private static long number(ByteBuffer bytes) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    return bytes.remaining() == Long.BYTES ? bytes.getLong() : bytes.getInt();
  }

  private static ByteBuffer slice(ByteBuffer in, long length) {
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("it is cut short");
    }
    ByteBuffer part = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return part;
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!in.hasRemaining()) {
        throw new IllegalArgumentException("it is cut short");
      }
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("it is no ONNX file");
  }
}
