package dev.parallax.nodes.source.bag;

import java.util.Map;

/**
 * A block of messages in a bag, and what is in it.
 *
 * @param dataPosition where its (compressed) bytes start in the file
 * @param dataLength how many of them the file has
 * @param compression {@code none}, {@code lz4}, {@code bz2} or {@code zstd}
 * @param declaredSize its size once decompressed, 0 where that is not known
 * @param startNs record time of its earliest message
 * @param endNs record time of its latest message
 * @param counts messages of each channel
 * @param crc32 of its bytes once decompressed, or {@link #NO_CHECKSUM}
 */
public record BagChunk(
    long dataPosition,
    long dataLength,
    String compression,
    long declaredSize,
    long startNs,
    long endNs,
    Map<Integer, Long> counts,
    long crc32) {
  /** A {@link #crc32} that says nothing, as MCAP has it. */
  public static final long NO_CHECKSUM = 0;

  public BagChunk {
    counts = Map.copyOf(counts);
  }

  public long messageCount() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
