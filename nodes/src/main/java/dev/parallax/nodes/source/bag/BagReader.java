package dev.parallax.nodes.source.bag;

import dev.parallax.nodes.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Reads ROS 1 bags, version 2.0: chunks stored plainly or compressed with lz4 or bz2, of any size,
 * with an index or without. Damage costs the messages it hit and a warning, never the rest. One
 * thread at a time.
 */
public final class BagReader implements Bag {
  private final Path path;
  private final MappedFile file;
  private final BagIndex index;
  private final ChunkDecoder decoder;
  private final Set<String> warnings = new LinkedHashSet<>();

  private BagReader(Path path, MappedFile file, BagIndex index, ChunkDecoder decoder) {
    this.path = path;
    this.file = file;
    this.index = index;
    this.decoder = decoder;
    warnings.addAll(index.warnings());
  }

  /**
   * @throws SourceException if the file cannot be read, is not a bag of version 2.0, or is
   *     encrypted
   */
  public static BagReader open(Path path) {
    MappedFile file;
    try {
      file = MappedFile.open(path);
    } catch (IOException e) {
      throw new SourceException(
          "%s: cannot be read (%s); check the path and its permissions".formatted(path, e), e);
    }
    requireVersion2(path, file);
    BagRecord header = BagIndex.recordAt(file, BagIndex.MAGIC.length());
    if (header != null && !header.text("encryptor").isEmpty()) {
      throw new SourceException(
          "%s: the bag is encrypted (%s); decrypt it first with rosbag decrypt"
              .formatted(path, header.text("encryptor")));
    }
    ChunkDecoder decoder = new ChunkDecoder();
    BagIndex index = BagIndex.read(file);
    if (index == null) {
      index = BagRecovery.scan(path.toString(), file, decoder);
    }
    return new BagReader(path, file, index, decoder);
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public String format() {
    return "ROS 1 bag 2.0";
  }

  @Override
  public Collection<BagChannel> channels() {
    return index.connections().values();
  }

  @Override
  public Iterator<BagMessage> messages(Predicate<BagChannel> chosen) {
    Map<Integer, BagChannel> wanted = new LinkedHashMap<>();
    for (BagChannel channel : channels()) {
      if (chosen.test(channel)) {
        wanted.put(channel.id(), channel);
      }
    }
    return new BagCursor(
        file, decoder, index.chunks(), wanted, warning -> warnings.add(path + ": " + warning));
  }

  @Override
  public BagSummary summary() {
    BagSummary.Builder summary = new BagSummary.Builder(channels());
    for (BagChunk chunk : index.chunks()) {
      summary.addChunk(chunk.compression(), chunk.startNs(), chunk.endNs(), chunk.counts());
    }
    return summary.build();
  }

  @Override
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  @Override
  public void close() {
    // The mapping is freed with the last buffer that looks into it.
  }

  private static void requireVersion2(Path path, MappedFile file) {
    ByteBuffer start = file.slice(0, BagIndex.MAGIC.length());
    byte[] bytes = new byte[start.limit()];
    start.get(0, bytes);
    String magic = new String(bytes, StandardCharsets.ISO_8859_1);
    if (magic.equals(BagIndex.MAGIC)) {
      return;
    }
    if (magic.startsWith("#ROSBAG V") || magic.startsWith("#ROSRECORD V")) {
      throw new SourceException(
          "%s: the bag is of version %s, understood is 2.0; convert it with rosbag fix"
              .formatted(path, magic.substring(magic.indexOf('V') + 1).trim()));
    }
    throw new SourceException(
        "%s: not a ROS 1 bag (%s); give a file that starts with #ROSBAG V2.0"
            .formatted(path, bytes.length == 0 ? "it is empty" : "wrong first bytes"));
  }
}
