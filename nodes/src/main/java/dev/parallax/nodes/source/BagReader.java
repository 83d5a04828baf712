package dev.parallax.nodes.source;

import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads ROS 1 bags, version 2.0: chunks stored plainly or compressed with lz4 or bz2, of any size,
 * with an index or without. Damage costs the messages it hit and a warning, never the rest. One
 * thread at a time.
 */
public final class BagReader {
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

  public Path path() {
    return path;
  }

  public Collection<BagConnection> connections() {
    return index.connections().values();
  }

  /** All messages of the named topics in the order of record time. */
  public Iterator<BagMessage> messages(Set<String> topics) {
    return messages(connection -> topics.contains(connection.topic()));
  }

  /** The messages of the connections chosen in the order of record time. */
  public Iterator<BagMessage> messages(Predicate<BagConnection> chosen) {
    Map<Integer, BagConnection> wanted = new LinkedHashMap<>();
    for (BagConnection connection : connections()) {
      if (chosen.test(connection)) {
        wanted.put(connection.id(), connection);
      }
    }
    return new BagCursor(
        file, decoder, index.chunks(), wanted, warning -> warnings.add(path + ": " + warning));
  }

  /** The first message of a topic by record time, or null. */
  public @Nullable BagMessage first(String topic) {
    Iterator<BagMessage> messages = messages(Set.of(topic));
    return messages.hasNext() ? messages.next() : null;
  }

  /** Topics, types, counts and rates; costs no more than the index. */
  public BagSummary summary() {
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    Map<Integer, Long> counts = new LinkedHashMap<>();
    for (BagChunk chunk : index.chunks()) {
      start = Math.min(start, chunk.startNs());
      end = Math.max(end, chunk.endNs());
      chunk.counts().forEach((id, count) -> counts.merge(id, count, Long::sum));
    }
    boolean empty = index.chunks().isEmpty();
    double durationS = empty ? 0 : (end - start) / 1e9;
    Map<String, BagSummary.Topic> topics = new TreeMap<>();
    for (BagConnection connection : connections()) {
      BagSummary.Topic before = topics.get(connection.topic());
      long count = counts.getOrDefault(connection.id(), 0L) + (before == null ? 0 : before.count());
      double rateHz = count > 1 && durationS > 0 ? (count - 1) / durationS : Double.NaN;
      topics.put(
          connection.topic(),
          new BagSummary.Topic(connection.topic(), connection.type(), count, rateHz));
    }
    return new BagSummary(
        new Timestamp(empty ? 0 : start),
        new Timestamp(empty ? 0 : end),
        counts.values().stream().mapToLong(Long::longValue).sum(),
        new ArrayList<>(topics.values()));
  }

  /** What was repaired or lost so far, for people. */
  public List<String> warnings() {
    return List.copyOf(warnings);
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
