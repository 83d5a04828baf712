package dev.parallax.nodes.source.bag;

import dev.parallax.nodes.source.SourceException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads ROS 1 bags, version 2.0: chunks stored plainly or compressed with lz4 or bz2, of any size,
 * with an index or without. Damage costs the messages it hit and a warning, never the rest. One
 * thread at a time.
 */
public final class BagReader extends ChunkedBag {
  private BagReader(Path path, MappedFile file, BagIndex index) {
    super(path, file, index, RosbagChunk::parse);
  }

  /**
   * @throws SourceException if the file cannot be read, is not a bag of version 2.0, or is
   *     encrypted
   */
  public static BagReader open(Path path) {
    MappedFile file = MappedFile.of(path);
    requireVersion2(path, file);
    BagRecord header = RosbagIndex.recordAt(file, RosbagIndex.MAGIC.length());
    if (header != null && !header.text("encryptor").isEmpty()) {
      throw new SourceException(
          "%s: the bag is encrypted (%s); decrypt it first with rosbag decrypt"
              .formatted(path, header.text("encryptor")));
    }
    BagIndex index = RosbagIndex.read(file);
    return new BagReader(
        path, file, index == null ? BagRecovery.scan(path.toString(), file) : index);
  }

  @Override
  public String format() {
    return "ROS 1 bag 2.0";
  }

  private static void requireVersion2(Path path, MappedFile file) {
    ByteBuffer start = file.slice(0, RosbagIndex.MAGIC.length());
    byte[] bytes = new byte[start.limit()];
    start.get(0, bytes);
    String magic = new String(bytes, StandardCharsets.ISO_8859_1);
    if (magic.equals(RosbagIndex.MAGIC)) {
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
