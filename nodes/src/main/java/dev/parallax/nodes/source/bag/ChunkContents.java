package dev.parallax.nodes.source.bag;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * The records of one decompressed chunk, up to the first that is not whole.
 *
 * @param data the chunk, little-endian
 * @param messages in the order of the chunk
 * @param channels announced in it, by number
 * @param readableBytes of whole records
 */
public record ChunkContents(
    ByteBuffer data, List<Entry> messages, Map<Integer, BagChannel> channels, int readableBytes) {
  /** A message's place in the chunk. */
  public record Entry(int channel, long timeNs, int offset, int length) {}

  /** Finds the records in a decompressed chunk of one file format. */
  public interface Parser {
    /**
     * @param data little-endian, from 0 to its limit; may end anywhere and hold anything
     */
    ChunkContents parse(ByteBuffer data);
  }

  ByteBuffer bytesOf(Entry entry) {
    return data.slice(entry.offset(), entry.length())
        .asReadOnlyBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }
}
