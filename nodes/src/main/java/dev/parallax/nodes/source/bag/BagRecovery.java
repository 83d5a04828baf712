package dev.parallax.nodes.source.bag;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rebuilds the index of a bag that has none, because it was cut short, never closed ({@code
 * .bag.active}) or damaged, by walking its records from the start. Used once.
 */
final class BagRecovery {
  /** What a chunk's header contains, searched for to find the next chunk after damage. */
  private static final byte[] CHUNK_OP = {4, 0, 0, 0, 'o', 'p', '=', BagRecord.CHUNK};

  /** How far before its op field a chunk's record can start. */
  private static final int MAX_BYTES_BEFORE_OP = 64;

  private static final int SEARCH_WINDOW_BYTES = 1 << 20;

  private final MappedFile file;
  private final ChunkDecoder decoder = new ChunkDecoder();
  private final Map<Integer, BagChannel> connections = new LinkedHashMap<>();
  private final List<BagChunk> chunks = new ArrayList<>();
  private long lostBytes;

  private BagRecovery(MappedFile file) {
    this.file = file;
  }

  /**
   * @param name the bag, for the warning
   */
  static BagIndex scan(String name, MappedFile file) {
    BagRecovery recovery = new BagRecovery(file);
    recovery.walk();
    return Recovered.index(name, recovery.connections, recovery.chunks, recovery.lostBytes);
  }

  private void walk() {
    long position = RosbagIndex.MAGIC.length();
    while (position < file.size()) {
      BagRecord record = RosbagIndex.recordAt(file, position);
      if (record == null) {
        position = nextChunk(position);
        continue;
      }
      switch (record.op()) {
        case BagRecord.CHUNK -> position = takeChunk(position, record);
        case BagRecord.MESSAGE, BagRecord.CONNECTION -> position = takeLooseRecords(position);
        default -> position = skip(position, record);
      }
    }
  }

  /** A record without messages; one that reaches beyond the file's end is lost. */
  private long skip(long position, BagRecord record) {
    long end = position + record.end();
    if (end > file.size()) {
      // Either the file ends here or the length is damage: look for a chunk that follows.
      return nextChunk(position);
    }
    return end;
  }

  private long takeChunk(long position, BagRecord record) {
    long dataPosition = position + record.dataStart();
    long length = record.dataLength();
    String compression = record.text("compression");
    long size = Integer.toUnsignedLong(record.u32("size"));
    if (length == 0) {
      // The recorder fills in a chunk's length only when it closes the chunk. Without compression
      // the records simply follow.
      if (compression.equals("none")) {
        return dataPosition;
      }
      length = Math.min(file.size() - dataPosition, MappedFile.SLICE_LIMIT_BYTES - 1);
    }
    takeData(dataPosition, length, compression, size);
    return Math.min(dataPosition + length, file.size());
  }

  /** Messages outside any chunk, as an uncompressed chunk that was never closed leaves them. */
  private long takeLooseRecords(long position) {
    long end = position;
    while (end - position < MappedFile.SLICE_LIMIT_BYTES / 2) {
      BagRecord record = end < file.size() ? RosbagIndex.recordAt(file, end) : null;
      boolean loose =
          record != null
              && (record.op() == BagRecord.MESSAGE || record.op() == BagRecord.CONNECTION)
              && end + record.end() <= file.size();
      if (record == null || !loose) {
        break;
      }
      end += record.end();
    }
    if (end == position) {
      return nextChunk(position);
    }
    takeData(position, end - position, "none", end - position);
    return end;
  }

  private void takeData(long dataPosition, long length, String compression, long size) {
    ChunkDecoder.Decoded decoded = decoder.decode(file, dataPosition, length, compression, size);
    ChunkContents contents = RosbagChunk.parse(decoded.data());
    lostBytes += Math.max(0, Math.max(size, decoded.data().limit()) - contents.readableBytes());
    contents.channels().forEach(connections::putIfAbsent);
    Map<Integer, Long> counts = new LinkedHashMap<>();
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (ChunkContents.Entry entry : contents.messages()) {
      if (!connections.containsKey(entry.channel())) {
        lostBytes += entry.length(); // the record that says what it is was lost
        continue;
      }
      counts.merge(entry.channel(), 1L, Long::sum);
      start = Math.min(start, entry.timeNs());
      end = Math.max(end, entry.timeNs());
    }
    if (!counts.isEmpty()) {
      chunks.add(
          new BagChunk(
              dataPosition, length, compression, size, start, end, counts, BagChunk.NO_CHECKSUM));
    }
  }

  /** Where the next chunk record starts after damage at {@code from}, or the file's end. */
  private long nextChunk(long from) {
    long position = from + 1;
    while (position < file.size()) {
      ByteBuffer window = file.slice(position, SEARCH_WINDOW_BYTES);
      for (int i = 0; i + CHUNK_OP.length <= window.limit(); i++) {
        Long start = matches(window, i) ? chunkStart(position + i, from) : null;
        if (start != null) {
          lostBytes += start - from;
          return start;
        }
      }
      position += Math.max(1, window.limit() - CHUNK_OP.length + 1);
    }
    lostBytes += file.size() - from;
    return file.size();
  }

  private static boolean matches(ByteBuffer window, int at) {
    for (int k = 0; k < CHUNK_OP.length; k++) {
      if (window.get(at + k) != CHUNK_OP[k]) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Long chunkStart(long opPosition, long from) {
    for (long start = opPosition - 4;
        start > from && start >= opPosition - MAX_BYTES_BEFORE_OP;
        start--) {
      BagRecord record = RosbagIndex.recordAt(file, start);
      if (record != null
          && record.op() == BagRecord.CHUNK
          && record.has("compression")
          && record.has("size")) {
        return start;
      }
    }
    return null;
  }
}
