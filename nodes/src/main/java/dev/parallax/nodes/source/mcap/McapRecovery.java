package dev.parallax.nodes.source.mcap;

import dev.parallax.nodes.source.bag.BagChunk;
import dev.parallax.nodes.source.bag.BagIndex;
import dev.parallax.nodes.source.bag.ChunkContents;
import dev.parallax.nodes.source.bag.ChunkDecoder;
import dev.parallax.nodes.source.bag.MappedFile;
import dev.parallax.nodes.source.bag.Recovered;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the index of a file that has none, because it was written without one, cut short, never
 * closed or damaged, by walking its records from the start. Used once.
 */
final class McapRecovery {
  private static final int SEARCH_WINDOW_BYTES = 1 << 20;

  /** Bytes of a chunk's content before the name of its compression. */
  private static final int BYTES_BEFORE_COMPRESSION = 28;

  private static final int LONGEST_COMPRESSION_NAME = 4;

  private final MappedFile file;
  private final ChunkDecoder decoder = new ChunkDecoder();
  private final McapDefinitions definitions = new McapDefinitions();
  private final List<BagChunk> chunks = new ArrayList<>();
  private long lostBytes;

  private McapRecovery(MappedFile file) {
    this.file = file;
  }

  /**
   * @param name the file, for the warning
   */
  static BagIndex scan(String name, MappedFile file) {
    McapRecovery recovery = new McapRecovery(file);
    recovery.walk();
    return Recovered.index(
        name, recovery.definitions.channels(), recovery.chunks, recovery.lostBytes);
  }

  private void walk() {
    long position = McapOp.MAGIC.length();
    while (position < file.size()) {
      McapRecord record = McapRecord.at(file, position);
      if (isClosingMagic(position)) {
        return;
      } else if (record == null) {
        position = nextChunk(position);
      } else if (record.op() == McapOp.CHUNK) {
        position = takeChunk(record);
      } else if (isLoose(record)) {
        position = takeLooseRecords(position);
      } else {
        // A record that reaches beyond the end is cut, or its length is damage: look for a chunk.
        position = record.end() <= file.size() ? record.end() : nextChunk(position);
      }
    }
  }

  private boolean isClosingMagic(long position) {
    return position == file.size() - McapOp.MAGIC.length()
        && McapIndex.text(file.slice(position, McapOp.MAGIC.length())).equals(McapOp.MAGIC);
  }

  private boolean isLoose(McapRecord record) {
    boolean wanted =
        record.op() == McapOp.MESSAGE
            || record.op() == McapOp.SCHEMA
            || record.op() == McapOp.CHANNEL;
    return wanted && record.isWhole(file);
  }

  private long takeChunk(McapRecord record) {
    try {
      McapChunkHeader header = McapChunkHeader.read(file, record);
      long end = record.end() <= file.size() ? record.end() : nextChunk(record.start(), false);
      long length = Math.min(end - header.dataPosition(), MappedFile.SLICE_LIMIT_BYTES - 1);
      take(header, Math.min(length, header.dataLength()));
      return end;
    } catch (McapFormatException e) {
      return nextChunk(record.start());
    }
  }

  /** Messages outside any chunk, and the definitions between them. */
  private long takeLooseRecords(long position) {
    long end = position;
    while (end - position < MappedFile.SLICE_LIMIT_BYTES / 2) {
      McapRecord record = McapRecord.at(file, end);
      if (record == null || !isLoose(record)) {
        break;
      }
      if (end > position && record.end() - position >= MappedFile.SLICE_LIMIT_BYTES) {
        break;
      }
      end = record.end();
    }
    long length = end - position;
    take(new McapChunkHeader(0, 0, length, BagChunk.NO_CHECKSUM, "none", position, length), length);
    return end;
  }

  /**
   * @param length of the chunk's data that is in the file
   */
  private void take(McapChunkHeader header, long length) {
    ChunkDecoder.Decoded decoded =
        decoder.decode(
            file, header.dataPosition(), length, header.compression(), header.uncompressedSize());
    ByteBuffer data = decoded.data();
    ChunkContents contents = McapChunk.parse(data);
    lostBytes +=
        Math.max(0, Math.max(header.uncompressedSize(), data.limit()) - contents.readableBytes());
    learn(data, contents.readableBytes());
    Map<Integer, Long> counts = new LinkedHashMap<>();
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (ChunkContents.Entry entry : contents.messages()) {
      if (definitions.channel(entry.channel()) == null) {
        lostBytes += entry.length(); // the record that says what it is was lost
        continue;
      }
      counts.merge(entry.channel(), 1L, Long::sum);
      start = Math.min(start, entry.timeNs());
      end = Math.max(end, entry.timeNs());
    }
    if (!counts.isEmpty()) {
      // What is left of a cut chunk cannot match its checksum, and is warned of already.
      boolean whole = length == header.dataLength() && decoded.fault() == null;
      chunks.add(
          new BagChunk(
              header.dataPosition(),
              length,
              header.compression(),
              whole ? header.uncompressedSize() : 0,
              start,
              end,
              counts,
              whole ? header.crc32() : BagChunk.NO_CHECKSUM));
    }
  }

  /** Schemas may lie in other chunks than the channels that name them. */
  private void learn(ByteBuffer data, int readableBytes) {
    for (int at = 0; at < readableBytes; ) {
      McapRecord record = McapRecord.in(data, at, at);
      if (record == null) {
        return;
      }
      try {
        definitions.take(
            record.op(),
            new McapInput(data.slice((int) record.contentStart(), (int) record.length())));
      } catch (McapFormatException e) {
        return;
      }
      at = (int) record.end();
    }
  }

  private long nextChunk(long from) {
    return nextChunk(from, true);
  }

  /**
   * Where the next chunk record starts after {@code from}, or the file's end.
   *
   * @param lost whether what lies between is lost
   */
  private long nextChunk(long from, boolean lost) {
    long position = from + 1;
    while (position < file.size()) {
      ByteBuffer window = file.slice(position, SEARCH_WINDOW_BYTES);
      for (int i = 0; i < window.limit(); i++) {
        if (window.get(i) == McapOp.CHUNK && isChunk(position + i)) {
          lostBytes += lost ? position + i - from : 0;
          return position + i;
        }
      }
      position += window.limit();
    }
    lostBytes += lost ? file.size() - from : 0;
    return file.size();
  }

  /** A chunk's three lengths agree with one another only by design. */
  private boolean isChunk(long position) {
    McapRecord record = McapRecord.at(file, position);
    return record != null && record.op() == McapOp.CHUNK && headerOf(record) != null;
  }

  private @Nullable McapChunkHeader headerOf(McapRecord record) {
    try {
      ByteBuffer name = file.slice(record.contentStart() + BYTES_BEFORE_COMPRESSION, 4);
      if (name.limit() < 4 || name.getInt(0) < 0 || name.getInt(0) > LONGEST_COMPRESSION_NAME) {
        return null;
      }
      return McapChunkHeader.read(file, record);
    } catch (McapFormatException e) {
      return null;
    }
  }
}
