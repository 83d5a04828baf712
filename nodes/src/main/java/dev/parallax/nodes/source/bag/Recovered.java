package dev.parallax.nodes.source.bag;

import java.util.List;
import java.util.Map;

/** What a scan of a file without a usable index found, and what it tells people. */
public final class Recovered {
  private Recovered() {}

  /**
   * @param name the file, for the warning
   * @param lostBytes that no message could be made of, at least
   */
  public static BagIndex index(
      String name, Map<Integer, BagChannel> channels, List<BagChunk> chunks, long lostBytes) {
    long messages = chunks.stream().mapToLong(BagChunk::messageCount).sum();
    String warning =
        "%s: no usable index (cut short, damaged or still being recorded); recovered %d messages in"
                .formatted(name, messages)
            + " %d chunks by reading it through, %s"
                .formatted(
                    chunks.size(),
                    lostBytes == 0
                        ? "no bytes lost"
                        : "at least %d bytes lost".formatted(lostBytes));
    return new BagIndex(channels, chunks, List.of(warning));
  }
}
