package dev.parallax.nodes.source.bag;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A bag whose file is mapped and whose messages lie in chunks. */
public abstract class ChunkedBag implements Bag {
  private final Path path;
  private final MappedFile file;
  private final BagIndex index;
  private final ChunkContents.Parser parser;
  private final Set<String> warnings = new LinkedHashSet<>();

  /**
   * @param parser of the format's chunks
   */
  protected ChunkedBag(Path path, MappedFile file, BagIndex index, ChunkContents.Parser parser) {
    this.path = path;
    this.file = file;
    this.index = index;
    this.parser = parser;
    warnings.addAll(index.warnings());
  }

  @Override
  public final Path path() {
    return path;
  }

  @Override
  public final Collection<BagChannel> channels() {
    return index.channels().values();
  }

  @Override
  public final Iterator<BagMessage> messages(Predicate<BagChannel> chosen) {
    Map<Integer, BagChannel> wanted = new LinkedHashMap<>();
    for (BagChannel channel : channels()) {
      if (chosen.test(channel)) {
        wanted.put(channel.id(), channel);
      }
    }
    return new BagCursor(
        file, parser, index.chunks(), wanted, warning -> warnings.add(path + ": " + warning));
  }

  @Override
  public final BagSummary summary() {
    BagSummary.Builder summary = new BagSummary.Builder(channels());
    for (BagChunk chunk : index.chunks()) {
      summary.addChunk(chunk.compression(), chunk.startNs(), chunk.endNs(), chunk.counts());
    }
    return summary.build();
  }

  @Override
  public final List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public void close() {
    // The mapping is freed with the last buffer that looks into it.
  }
}
