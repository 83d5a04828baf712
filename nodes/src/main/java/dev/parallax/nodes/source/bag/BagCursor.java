package dev.parallax.nodes.source.bag;

import dev.parallax.perception.frame.Timestamp;
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

/**
 * The messages of some connections in the order of record time, ties in the order of the file.
 * Chunks may overlap in time: one is opened as soon as it could hold the next message.
 */
final class BagCursor implements Iterator<BagMessage> {
  private record Pending(
      long timeNs,
      int chunk,
      int place,
      BagChannel connection,
      ChunkContents contents,
      ChunkContents.Entry entry) {}

  private final MappedFile file;
  private final ChunkDecoder decoder;
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
      ChunkDecoder decoder,
      List<BagChunk> chunks,
      Map<Integer, BagChannel> wanted,
      Consumer<String> warnings) {
    this.file = file;
    this.decoder = decoder;
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
        first.connection(), new Timestamp(first.timeNs()), first.contents().bytesOf(first.entry()));
  }

  private void open(BagChunk chunk) {
    ChunkDecoder.Decoded decoded =
        decoder.decode(
            file,
            chunk.dataPosition(),
            chunk.dataLength(),
            chunk.compression(),
            chunk.declaredSize());
    ChunkContents contents = new ChunkContents(decoded.data());
    int place = 0;
    long found = 0;
    for (ChunkContents.Entry entry : contents.messages()) {
      BagChannel connection = wanted.get(entry.connection());
      if (connection != null) {
        found++;
        pending.add(new Pending(entry.timeNs(), opened, place, connection, contents, entry));
      }
      place++;
    }
    opened++;
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
    }
  }
}
