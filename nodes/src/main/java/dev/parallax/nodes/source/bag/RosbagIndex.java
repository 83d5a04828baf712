package dev.parallax.nodes.source.bag;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The index at the end of a ROS 1 bag. */
final class RosbagIndex {
  /** The line that every bag of version 2.0 starts with. */
  static final String MAGIC = "#ROSBAG V2.0\n";

  private RosbagIndex() {}

  /**
   * Reads the index at the end of a bag.
   *
   * @return null if there is none, or it is not whole, or it does not fit the file
   */
  static @Nullable BagIndex read(MappedFile file) {
    BagRecord header = recordAt(file, MAGIC.length());
    if (header == null || header.op() != BagRecord.BAG_HEADER) {
      return null;
    }
    long position = header.u64("index_pos");
    int connectionCount = header.u32("conn_count");
    int chunkCount = header.u32("chunk_count");
    if (position <= MAGIC.length() || position > file.size()) {
      return null;
    }
    Map<Integer, BagChannel> connections = new LinkedHashMap<>();
    List<BagChunk> chunks = new ArrayList<>();
    while (position < file.size()) {
      BagRecord record = recordAt(file, position);
      if (record == null
          || position + record.end() > file.size()
          || record.end() >= MappedFile.SLICE_LIMIT_BYTES) {
        return null;
      }
      ByteBuffer window = file.slice(position, record.end());
      if (record.op() == BagRecord.CONNECTION) {
        BagRecord whole = BagRecord.parse(window, 0);
        BagChannel connection = whole == null ? null : ConnectionRecord.parse(whole, window);
        if (connection == null) {
          return null;
        }
        connections.put(connection.id(), connection);
      } else if (record.op() == BagRecord.CHUNK_INFO) {
        BagChunk chunk = chunkOf(file, record, window);
        if (chunk == null) {
          return null;
        }
        chunks.add(chunk);
      }
      position += record.end();
    }
    if (connections.size() != connectionCount || chunks.size() != chunkCount) {
      return null;
    }
    chunks.removeIf(chunk -> chunk.messageCount() == 0);
    return new BagIndex(connections, chunks, List.of());
  }

  /** The record at a position of the file; null if there is no well-formed header. */
  static @Nullable BagRecord recordAt(MappedFile file, long position) {
    return BagRecord.parse(file.slice(position, BagRecord.MAX_HEADER_BYTES + 8L), 0);
  }

  private static @Nullable BagChunk chunkOf(MappedFile file, BagRecord info, ByteBuffer window) {
    long position = info.u64("chunk_pos");
    BagRecord chunk = position > 0 && position < file.size() ? recordAt(file, position) : null;
    long entries = Integer.toUnsignedLong(info.u32("count"));
    if (chunk == null
        || chunk.op() != BagRecord.CHUNK
        || position + chunk.end() > file.size()
        || entries * 8 > info.dataLength()) {
      return null;
    }
    Map<Integer, Long> counts = new LinkedHashMap<>();
    for (int k = 0, at = info.dataStart(); k < entries; k++, at += 8) {
      counts.merge(window.getInt(at), Integer.toUnsignedLong(window.getInt(at + 4)), Long::sum);
    }
    return new BagChunk(
        position + chunk.dataStart(),
        chunk.dataLength(),
        chunk.text("compression"),
        Integer.toUnsignedLong(chunk.u32("size")),
        info.timeNs("start_time"),
        info.timeNs("end_time"),
        counts,
        BagChunk.NO_CHECKSUM);
  }
}
