package dev.parallax.nodes.source.mcap;

import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.bag.BagIndex;
import dev.parallax.nodes.source.bag.ChunkedBag;
import dev.parallax.nodes.source.bag.MappedFile;
import java.nio.file.Path;

/**
 * Reads MCAP files: chunks stored plainly or compressed with lz4 or zstd, messages outside chunks,
 * with an index or without. Damage costs the messages it hit and a warning, never the rest. One
 * thread at a time.
 */
public final class McapReader extends ChunkedBag {
  private final MappedFile file;
  private final String profile;

  private McapReader(Path path, MappedFile file, BagIndex index, String profile) {
    super(path, file, index, McapChunk::parse);
    this.file = file;
    this.profile = profile;
  }

  /**
   * @throws SourceException if the file cannot be read or is no MCAP file
   */
  public static McapReader open(Path path) {
    MappedFile file = MappedFile.of(path);
    String magic = McapIndex.text(file.slice(0, McapOp.MAGIC.length()));
    if (!magic.equals(McapOp.MAGIC)) {
      throw new SourceException(
          "%s: not an MCAP file of version 0 (%s); give a file that mcap doctor accepts"
              .formatted(path, magic.isEmpty() ? "it is empty" : "wrong first bytes"));
    }
    BagIndex index = McapIndex.read(file);
    return new McapReader(
        path,
        file,
        index == null ? McapRecovery.scan(path.toString(), file) : index,
        profileOf(file));
  }

  @Override
  public String format() {
    return profile.isEmpty() ? "MCAP" : "MCAP, profile " + profile;
  }

  /** How channels are to be understood together: {@code ros1}, {@code ros2} or empty. */
  public String profile() {
    return profile;
  }

  /** How many attachments and metadata records the file has beside its messages. */
  public int attachmentsAndMetadata() {
    int count = 0;
    long position = McapOp.MAGIC.length();
    McapRecord record = McapRecord.at(file, position);
    while (record != null && record.op() != McapOp.DATA_END && record.end() <= file.size()) {
      count += record.op() == McapOp.ATTACHMENT || record.op() == McapOp.METADATA ? 1 : 0;
      position = record.end();
      record = McapRecord.at(file, position);
    }
    return count;
  }

  private static String profileOf(MappedFile file) {
    McapRecord header = McapRecord.at(file, McapOp.MAGIC.length());
    try {
      return header != null && header.op() == McapOp.HEADER && header.isWhole(file)
          ? header.content(file).text()
          : "";
    } catch (McapFormatException e) {
      return ""; // the header says nothing that is needed
    }
  }
}
