package dev.parallax.nodes.source.bag;

import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * The messages of some channels in the order of record time, ties in the order of the file. Chunks
 * may overlap in time: one is opened as soon as it could hold the next message.
 */
final class BagCursor implements Iterator<BagMessage> {
  private record Pending(
      long timeNs,
      int chunk,
      int place,
      BagChannel channel,
      ChunkContents contents,
      ChunkContents.Entry entry) {}

  private final MappedFile file;
  private final ChunkDecoder decoder = new ChunkDecoder();
  private final ChunkContents.Parser parser;
  private final Map<Integer, BagChannel> wanted;
  private final Consumer<String> warnings;
  private final Deque<BagChunk> unopened = new ArrayDeque<>();
  private final PriorityQueue<Pending> pending =
      new PriorityQueue<>(
          Comparator.comparingLong(Pending::timeNs)
              .thenComparingInt(Pending::chunk)
              .thenComparingInt(Pending::place));
  private int opened;

  /**
   * @param warnings told once of each chunk that turns out damaged
   */
  BagCursor(
      MappedFile file,
      ChunkContents.Parser parser,
      List<BagChunk> chunks,
      Map<Integer, BagChannel> wanted,
      Consumer<String> warnings) {
    this.file = file;
    this.parser = parser;
    this.wanted = wanted;
    this.warnings = warnings;
    List<BagChunk> ordered = new ArrayList<>();
    for (BagChunk chunk : chunks) {
      if (chunk.counts().keySet().stream().anyMatch(wanted::containsKey)) {
        ordered.add(chunk);
      }
    }
    ordered.sort(Comparator.comparingLong(BagChunk::startNs)); // stable: ties as in the file
    unopened.addAll(ordered);
  }

  @Override
  public boolean hasNext() {
    BagChunk next = unopened.peek();
    while (next != null && (pending.isEmpty() || next.startNs() <= pending.peek().timeNs())) {
      open(unopened.remove());
      next = unopened.peek();
    }
    return !pending.isEmpty();
  }

  @Override
  public BagMessage next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Pending first = pending.remove();
    return new BagMessage(
        first.channel(), new Timestamp(first.timeNs()), first.contents().bytesOf(first.entry()));
  }

  private void open(BagChunk chunk) {
    ChunkDecoder.Decoded decoded =
        decoder.decode(
            file,
            chunk.dataPosition(),
            chunk.dataLength(),
            chunk.compression(),
            chunk.declaredSize());
    ChunkContents contents = parser.parse(decoded.data());
    int place = 0;
    long found = 0;
    for (ChunkContents.Entry entry : contents.messages()) {
      BagChannel channel = wanted.get(entry.channel());
      if (channel != null) {
        found++;
        pending.add(new Pending(entry.timeNs(), opened, place, channel, contents, entry));
      }
      place++;
    }
    opened++;
    tellDamage(chunk, decoded, found);
  }

  private void tellDamage(BagChunk chunk, ChunkDecoder.Decoded decoded, long found) {
    long promised =
        chunk.counts().entrySet().stream()
            .filter(e -> wanted.containsKey(e.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    if (found < promised) {
      warnings.accept(
          "the chunk at byte %d is damaged%s; %d of %d messages lost"
              .formatted(
                  chunk.dataPosition(),
                  decoded.fault() == null ? "" : " (" + decoded.fault() + ")",
                  promised - found,
                  promised));
    } else if (decoded.fault() != null || !matchesChecksum(chunk, decoded.data())) {
      warnings.accept(
          "the chunk at byte %d does not match its checksum; its %d messages may be damaged"
              .formatted(chunk.dataPosition(), promised));
    }
  }

  private static boolean matchesChecksum(BagChunk chunk, ByteBuffer data) {
    if (chunk.crc32() == BagChunk.NO_CHECKSUM) {
      return true;
    }
    CRC32 crc = new CRC32();
    crc.update(data.duplicate().rewind());
    return crc.getValue() == chunk.crc32();
  }
}
