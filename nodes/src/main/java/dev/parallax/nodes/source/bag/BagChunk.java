package dev.parallax.nodes.source.bag;

import java.util.Map;

/**
 * A block of messages in a bag, and what is in it.
 *
 * @param dataPosition where its (compressed) bytes start in the file
 * @param dataLength how many of them the file has
 * @param compression {@code none}, {@code lz4} or {@code bz2}
 * @param declaredSize its size once decompressed, 0 where that is not known
 * @param startNs record time of its earliest message
 * @param endNs record time of its latest message
 * @param counts messages of each connection
 */
record BagChunk(
    long dataPosition,
    long dataLength,
    String compression,
    long declaredSize,
    long startNs,
    long endNs,
    Map<Integer, Long> counts) {
  BagChunk {
    counts = Map.copyOf(counts);
  }

  long messageCount() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
