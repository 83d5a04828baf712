package dev.parallax.nodes.ros.tcpros;

import dev.parallax.nodes.ros.RosType;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What each end of a TCPROS link says first: fields {@code name=value}, each preceded by its
 * length, all preceded by the length of all (wiki.ros.org/ROS/Connection%20Header).
 */
record ConnectionHeader(Map<String, String> fields) {
  /** A definition of all of a robot's types is far shorter; more is no header. */
  private static final int MAX_BYTES = 1 << 20;

  ConnectionHeader {
    fields = new LinkedHashMap<>(fields);
  }

  static ConnectionHeader of(String... namesAndValues) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new ConnectionHeader(fields);
  }

  /**
   * Of a topic's link.
   *
   * @param node who says it
   * @param option of the end that says it
   */
  static ConnectionHeader ofTopic(
      String node, String topic, RosType type, String option, boolean value) {
    return of(
        "callerid",
        node,
        "topic",
        topic,
        "type",
        type.name(),
        "md5sum",
        type.md5(),
        "message_definition",
        type.definition(),
        option,
        value ? "1" : "0");
  }

  /**
   * @throws IOException if the other end closes, or sends what is no header
   */
  static ConnectionHeader read(InputStream in) throws IOException {
    long length = Integer.toUnsignedLong(little(in.readNBytes(4), 4).getInt());
    if (length > MAX_BYTES) {
      throw new IOException("a connection header of %d bytes is none".formatted(length));
    }
    ByteBuffer data = little(in.readNBytes((int) length), (int) length);
    Map<String, String> fields = new LinkedHashMap<>();
    while (data.hasRemaining()) {
      if (data.remaining() < 4) {
        throw new IOException("a connection header with loose bytes at its end");
      }
      int size = data.getInt();
      if (size < 0 || size > data.remaining()) {
        throw new IOException("a connection header whose field reaches beyond it");
      }
      byte[] bytes = new byte[size];
      data.get(bytes);
      String field = new String(bytes, StandardCharsets.UTF_8);
      int split = field.indexOf('=');
      if (split < 0) {
        throw new IOException("a connection header whose field has no =");
      }
      fields.put(field.substring(0, split), field.substring(split + 1));
    }
    return new ConnectionHeader(fields);
  }

  void write(OutputStream out) throws IOException {
    int length = 0;
    byte[][] encoded = new byte[fields.size()][];
    int n = 0;
    for (Map.Entry<String, String> field : fields.entrySet()) {
      encoded[n] = (field.getKey() + "=" + field.getValue()).getBytes(StandardCharsets.UTF_8);
      length += 4 + encoded[n++].length;
    }
    ByteBuffer data = ByteBuffer.allocate(4 + length).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(length);
    for (byte[] field : encoded) {
      data.putInt(field.length).put(field);
    }
    out.write(data.array());
    out.flush();
  }

  /** A field's value, empty if it is not there. */
  String get(String name) {
    return fields.getOrDefault(name, "");
  }

  boolean has(String name) {
    return fields.containsKey(name);
  }

  private static ByteBuffer little(byte[] bytes, int expected) throws EOFException {
    if (bytes.length < expected) {
      throw new EOFException("the other end closed within the connection header");
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
