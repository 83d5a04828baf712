package dev.parallax.nodes.source.mcap;

import com.github.luben.zstd.Zstd;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagOutput;
import dev.parallax.nodes.source.bag.Lz4Frame;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Writes MCAP files in chunks, with message indexes, a summary and checksums. Whole chunks go to
 * the file as they fill, so that a file that was never closed can still be recovered. One thread.
 */
public final class McapWriter implements BagOutput {
  /** How the chunks are stored. */
  public enum Compression {
    NONE(""),
    LZ4("lz4"),
    ZSTD("zstd");

    private final String label;

    Compression(String label) {
      this.label = label;
    }
  }

  /** A chunk is closed once it holds this much. */
  private static final int CHUNK_BYTES = 1 << 20;

  /** The highest number that a channel or schema can have. */
  private static final int MAX_ID = 0xFFFF;

  private static final int ZSTD_LEVEL = 1;
  private static final String LIBRARY = "parallax";

  private record Place(long timeNs, long offset) {}

  private record SchemaKey(String name, String encoding, ByteBuffer data) {}

  private final McapFile file;
  private final Compression compression;
  private final int chunkBytes;
  private final McapOutput chunk = new McapOutput(CHUNK_BYTES + (CHUNK_BYTES >> 2));
  private final McapSummary summary = new McapSummary();
  private final Map<SchemaKey, Integer> schemas = new LinkedHashMap<>();
  private final Map<Integer, List<Place>> places = new TreeMap<>();
  private final List<Long> sequences = new ArrayList<>();
  private long chunkStartNs = Long.MAX_VALUE;
  private long chunkEndNs;

  private McapWriter(McapFile file, Compression compression, int chunkBytes) {
    this.file = file;
    this.compression = compression;
    this.chunkBytes = chunkBytes;
  }

  /**
   * Starts a file, replacing one of that name.
   *
   * @param profile {@code ros1}, {@code ros2} or empty
   */
  public static McapWriter create(Path path, String profile, Compression compression)
      throws IOException {
    return create(path, profile, compression, CHUNK_BYTES);
  }

  /** With small chunks, for tests. */
  static McapWriter create(Path path, String profile, Compression compression, int chunkBytes)
      throws IOException {
    McapFile file = McapFile.create(path);
    file.write(ByteBuffer.wrap(McapOp.MAGIC.getBytes(StandardCharsets.ISO_8859_1)));
    file.record(McapOp.HEADER, new McapOutput(64).text(profile).text(LIBRARY));
    return new McapWriter(file, compression, chunkBytes);
  }

  @Override
  public int addChannel(BagChannel channel) {
    int schema = schemaId(channel.schema());
    int id = summary.channelCount();
    if (id > MAX_ID) {
      throw new IllegalArgumentException("An MCAP file holds no more than 65536 channels");
    }
    McapOutput content =
        new McapOutput(256)
            .u16(id)
            .u16(schema)
            .text(channel.topic())
            .text(channel.encoding())
            .textMap(new TreeMap<>(channel.metadata()));
    summary.addChannel(content);
    chunk.record(McapOp.CHANNEL, content);
    sequences.add(0L);
    return id;
  }

  @Override
  public void write(int channel, Timestamp time, ByteBuffer message) throws IOException {
    if (channel < 0 || channel >= summary.channelCount()) {
      throw new IllegalArgumentException("No channel " + channel + " was added");
    }
    long sequence = sequences.get(channel);
    sequences.set(channel, sequence + 1);
    places
        .computeIfAbsent(channel, k -> new ArrayList<>())
        .add(new Place(time.nanos(), chunk.size()));
    chunkStartNs = Math.min(chunkStartNs, time.nanos());
    chunkEndNs = Math.max(chunkEndNs, time.nanos());
    chunk
        .u8(McapOp.MESSAGE)
        .u64(McapOp.MESSAGE_HEADER_BYTES + message.remaining())
        .u16(channel)
        .u32(sequence)
        .u64(time.nanos())
        .u64(time.nanos())
        .bytes(message);
    summary.countMessage(channel, time.nanos());
    if (chunk.size() >= chunkBytes) {
      flushChunk();
    }
  }

  /**
   * Adds a file that belongs to the recording.
   *
   * @param mediaType e.g. {@code text/plain}
   */
  public void addAttachment(String name, String mediaType, Timestamp time, byte[] data)
      throws IOException {
    McapOutput content =
        new McapOutput(data.length + 128)
            .u64(time.nanos())
            .u64(time.nanos())
            .text(name)
            .text(mediaType)
            .u64(data.length)
            .bytes(data);
    CRC32 crc = new CRC32();
    crc.update(content.written());
    content.u32(crc.getValue());
    long start = file.position();
    file.record(McapOp.ATTACHMENT, content);
    summary.addAttachment(
        start, file.position() - start, time.nanos(), data.length, name, mediaType);
  }

  /** Notes something about the recording. */
  public void addMetadata(String name, Map<String, String> metadata) throws IOException {
    long start = file.position();
    file.record(McapOp.METADATA, new McapOutput(256).text(name).textMap(new TreeMap<>(metadata)));
    summary.addMetadata(start, file.position() - start, name);
  }

  /** Writes what is left, the summary and the footer. */
  @Override
  public void close() throws IOException {
    try (McapFile closing = file) {
      if (chunk.size() > 0) {
        flushChunk();
      }
      closing.record(McapOp.DATA_END, new McapOutput(4).u32(closing.checksum()));
      summary.write(closing);
      closing.write(ByteBuffer.wrap(McapOp.MAGIC.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  private int schemaId(BagChannel.Schema schema) {
    if (schema.name().isEmpty() && schema.encoding().isEmpty() && schema.data().length == 0) {
      return 0; // MCAP's word for none
    }
    SchemaKey key = new SchemaKey(schema.name(), schema.encoding(), ByteBuffer.wrap(schema.data()));
    Integer known = schemas.get(key);
    if (known != null) {
      return known;
    }
    int id = schemas.size() + 1;
    if (id > MAX_ID) {
      throw new IllegalArgumentException("An MCAP file holds no more than 65535 schemas");
    }
    schemas.put(key, id);
    McapOutput content =
        new McapOutput(schema.data().length + 128)
            .u16(id)
            .text(schema.name())
            .text(schema.encoding())
            .u32(schema.data().length)
            .bytes(schema.data());
    summary.addSchema(content);
    chunk.record(McapOp.SCHEMA, content);
    return id;
  }

  private void flushChunk() throws IOException {
    ByteBuffer plain = chunk.written();
    CRC32 crc = new CRC32();
    crc.update(plain.duplicate());
    ByteBuffer packed = compress(plain);
    boolean hasMessages = !places.isEmpty();
    long startNs = hasMessages ? chunkStartNs : 0;
    McapOutput header =
        new McapOutput(64)
            .u64(startNs)
            .u64(chunkEndNs)
            .u64(plain.remaining())
            .u32(crc.getValue())
            .text(compression.label)
            .u64(packed.remaining());
    long start = file.position();
    file.record(McapOp.CHUNK, header, packed);
    long end = file.position();
    Map<Integer, Long> indexes = writeMessageIndexes();
    summary.addChunk(
        new McapSummary.Chunk(
            startNs,
            chunkEndNs,
            start,
            end - start,
            indexes,
            file.position() - end,
            compression.label,
            packed.remaining(),
            plain.remaining()));
    chunk.clear();
    places.clear();
    chunkStartNs = Long.MAX_VALUE;
    chunkEndNs = 0;
  }

  /** Where the index of each channel's messages starts. */
  private Map<Integer, Long> writeMessageIndexes() throws IOException {
    Map<Integer, Long> indexes = new TreeMap<>();
    for (Map.Entry<Integer, List<Place>> entry : places.entrySet()) {
      indexes.put(entry.getKey(), file.position());
      List<Place> list = entry.getValue();
      McapOutput index = new McapOutput(6 + 16 * list.size()).u16(entry.getKey());
      index.u32(16L * list.size());
      for (Place place : list) {
        index.u64(place.timeNs()).u64(place.offset());
      }
      file.record(McapOp.MESSAGE_INDEX, index);
    }
    return indexes;
  }

  private ByteBuffer compress(ByteBuffer plain) throws IOException {
    return switch (compression) {
      case NONE -> plain;
      case LZ4 -> ByteBuffer.wrap(Lz4Frame.of(plain));
      case ZSTD -> {
        byte[] packed = new byte[(int) Zstd.compressBound(plain.remaining())];
        long size =
            Zstd.compressByteArray(
                packed, 0, packed.length, plain.array(), 0, plain.remaining(), ZSTD_LEVEL);
        if (Zstd.isError(size)) {
          throw new IOException("zstd: " + Zstd.getErrorName(size));
        }
        yield ByteBuffer.wrap(packed, 0, (int) size);
      }
    };
  }
}
