package dev.parallax.nodes.source.mcap;

import dev.parallax.nodes.source.bag.BagChunk;
import dev.parallax.nodes.source.bag.MappedFile;
import java.util.Map;

/**
 * What a chunk record says before its records.
 *
 * @param dataPosition where its (compressed) records start in the file
 * @param dataLength of its (compressed) records
 */
record McapChunkHeader(
    long startNs,
    long endNs,
    long uncompressedSize,
    long crc32,
    String compression,
    long dataPosition,
    long dataLength) {
  /** More than any real header; compression names are short. */
  private static final int MAX_BYTES = 256;

  static McapChunkHeader read(MappedFile file, McapRecord record) throws McapFormatException {
    McapInput in = record.content(file, MAX_BYTES);
    long startNs = in.u64();
    long endNs = in.u64();
    long size = in.u64();
    long crc32 = in.u32();
    String compression = in.text();
    long dataLength = in.u64();
    if (in.position() + dataLength != record.length()) {
      throw new McapFormatException("the chunk's lengths contradict one another");
    }
    return new McapChunkHeader(
        startNs,
        endNs,
        size,
        crc32,
        compression.isEmpty() ? "none" : compression,
        record.contentStart() + in.position(),
        dataLength);
  }

  /**
   * @param counts messages in it, by channel
   */
  BagChunk chunk(Map<Integer, Long> counts) {
    return new BagChunk(
        dataPosition, dataLength, compression, uncompressedSize, startNs, endNs, counts, crc32);
  }
}
