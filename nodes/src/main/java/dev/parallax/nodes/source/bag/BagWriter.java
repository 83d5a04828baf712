package dev.parallax.nodes.source.bag;

import dev.parallax.nodes.codec.MessageDecoder;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.perception.frame.Timestamp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes ROS 1 bags, version 2.0, with an index. Whole chunks go to the file as they fill, so that
 * a bag that was never closed can still be recovered. One thread.
 */
public final class BagWriter implements BagOutput {
  /** How the chunks are stored. */
  public enum Compression {
    NONE("none"),
    LZ4("lz4");

    private final String label;

    Compression(String label) {
      this.label = label;
    }
  }

  /** A chunk is closed once it holds this much, as rosbag does by default. */
  private static final int CHUNK_BYTES = 768 * 1024;

  /** The first record is padded to this, so that it can be filled in at the end. */
  private static final int BAG_HEADER_BYTES = 4096;

  /** What else a recorder may note of a publisher. */
  static final List<String> CONNECTION_EXTRAS = List.of("callerid", "latching");

  private static final int INDEX_VERSION = 1;

  private record Place(long timeNs, int offset) {}

  private record ChunkInfo(long position, long startNs, long endNs, Map<Integer, Integer> counts) {}

  private final FileChannel out;
  private final Compression compression;
  private final int chunkBytes;
  private final List<BagChannel> connections = new ArrayList<>();
  private final List<ChunkInfo> chunks = new ArrayList<>();
  private final ByteArrayOutputStream chunk = new ByteArrayOutputStream();
  private final Map<Integer, List<Place>> places = new TreeMap<>();

  private BagWriter(FileChannel out, Compression compression, int chunkBytes) {
    this.out = out;
    this.compression = compression;
    this.chunkBytes = chunkBytes;
  }

  /** Starts a bag, replacing a file of that name. */
  public static BagWriter create(Path path, Compression compression) throws IOException {
    return create(path, compression, CHUNK_BYTES);
  }

  /** With small chunks, for tests. */
  static BagWriter create(Path path, Compression compression, int chunkBytes) throws IOException {
    FileChannel out =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    BagWriter writer = new BagWriter(out, compression, chunkBytes);
    writer.writeFully(RosbagIndex.MAGIC.getBytes(StandardCharsets.US_ASCII));
    writer.writeFully(writer.bagHeader(0));
    return writer;
  }

  /**
   * Announces a topic.
   *
   * @return the connection, for {@link #write}
   */
  public int addConnection(String topic, Ros1Type type) {
    int id = connections.size();
    return add(
        BagChannel.ros1(id, topic, type.typeName(), type.md5(), type.definition(), Map.of()));
  }

  @Override
  public int addChannel(BagChannel channel) {
    if (!channel.encoding().equals(MessageDecoder.ROS1) || channel.md5().isEmpty()) {
      throw new IllegalArgumentException(
          "a ROS 1 bag holds ros1 messages with the checksum of their definition, topic %s has %s"
              .formatted(channel.topic(), channel.encoding()));
    }
    return add(
        new BagChannel(
            connections.size(),
            channel.topic(),
            channel.encoding(),
            channel.schema(),
            channel.metadata()));
  }

  private int add(BagChannel connection) {
    connections.add(connection);
    chunk.writeBytes(record(connection));
    return connection.id();
  }

  /** Writes one message. */
  public void write(int connection, Timestamp recordTime, byte[] message) throws IOException {
    write(connection, recordTime, ByteBuffer.wrap(message));
  }

  @Override
  public void write(int connection, Timestamp recordTime, ByteBuffer message) throws IOException {
    if (connection < 0 || connection >= connections.size()) {
      throw new IllegalArgumentException("No connection " + connection + " was added");
    }
    places
        .computeIfAbsent(connection, k -> new ArrayList<>())
        .add(new Place(recordTime.nanos(), chunk.size()));
    chunk.writeBytes(
        record(
            new RecordFields()
                .op(BagRecord.MESSAGE)
                .u32("conn", connection)
                .time("time", recordTime.nanos()),
            message));
    if (chunk.size() >= chunkBytes) {
      flushChunk();
    }
  }

  /** Writes what is left, the index and the final header. */
  @Override
  public void close() throws IOException {
    try (FileChannel closing = out) {
      if (chunk.size() > 0) {
        flushChunk();
      }
      long indexPosition = closing.position();
      for (BagChannel connection : connections) {
        writeFully(record(connection));
      }
      for (ChunkInfo info : chunks) {
        writeFully(record(info));
      }
      closing.position(RosbagIndex.MAGIC.length());
      writeFully(bagHeader(indexPosition));
    }
  }

  private void flushChunk() throws IOException {
    byte[] plain = chunk.toByteArray();
    long position = out.position();
    writeFully(
        record(
            new RecordFields()
                .text("compression", compression.label)
                .op(BagRecord.CHUNK)
                .u32("size", plain.length),
            compression == Compression.LZ4 ? Lz4Frame.of(ByteBuffer.wrap(plain)) : plain));
    long start = Long.MAX_VALUE;
    long end = 0;
    Map<Integer, Integer> counts = new TreeMap<>();
    for (Map.Entry<Integer, List<Place>> entry : places.entrySet()) {
      List<Place> list = entry.getValue();
      ByteBuffer data = RecordFields.little(12 * list.size());
      for (Place place : list) {
        RecordFields.putTime(data, place.timeNs()).putInt(place.offset());
        start = Math.min(start, place.timeNs());
        end = Math.max(end, place.timeNs());
      }
      counts.put(entry.getKey(), list.size());
      RecordFields fields =
          new RecordFields()
              .u32("conn", entry.getKey())
              .u32("count", list.size())
              .op(BagRecord.INDEX_DATA)
              .u32("ver", INDEX_VERSION);
      writeFully(record(fields, data.array()));
    }
    chunks.add(new ChunkInfo(position, counts.isEmpty() ? 0 : start, end, counts));
    chunk.reset();
    places.clear();
  }

  private byte[] bagHeader(long indexPosition) {
    byte[] fields =
        new RecordFields()
            .u32("chunk_count", chunks.size())
            .u32("conn_count", connections.size())
            .u64("index_pos", indexPosition)
            .op(BagRecord.BAG_HEADER)
            .toBytes();
    byte[] padding = new byte[BAG_HEADER_BYTES - fields.length];
    Arrays.fill(padding, (byte) ' ');
    return RecordFields.little(8 + fields.length + padding.length)
        .putInt(fields.length)
        .put(fields)
        .putInt(padding.length)
        .put(padding)
        .array();
  }

  private static byte[] record(BagChannel connection) {
    RecordFields data = new RecordFields();
    for (String name : CONNECTION_EXTRAS) {
      String value = connection.metadata().get(name);
      if (value != null) {
        data.text(name, value);
      }
    }
    data.text("md5sum", connection.md5())
        .bytes("message_definition", connection.schema().data())
        .text("topic", connection.topic())
        .text("type", connection.type());
    return record(
        new RecordFields()
            .u32("conn", connection.id())
            .op(BagRecord.CONNECTION)
            .text("topic", connection.topic()),
        data.toBytes());
  }

  private static byte[] record(ChunkInfo info) {
    ByteBuffer data = RecordFields.little(8 * info.counts().size());
    info.counts().forEach((connection, count) -> data.putInt(connection).putInt(count));
    return record(
        new RecordFields()
            .u64("chunk_pos", info.position())
            .u32("count", info.counts().size())
            .time("end_time", info.endNs())
            .op(BagRecord.CHUNK_INFO)
            .time("start_time", info.startNs())
            .u32("ver", INDEX_VERSION),
        data.array());
  }

  private static byte[] record(RecordFields fields, byte[] data) {
    return record(fields, ByteBuffer.wrap(data));
  }

  private static byte[] record(RecordFields fields, ByteBuffer data) {
    byte[] header = fields.toBytes();
    return RecordFields.little(8 + header.length + data.remaining())
        .putInt(header.length)
        .put(header)
        .putInt(data.remaining())
        .put(data.duplicate())
        .array();
  }

  private void writeFully(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      out.write(buffer);
    }
  }
}
