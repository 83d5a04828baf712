package dev.parallax.nodes.source.mcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/** The file being written, with the checksum of all bytes so far. One thread. */
final class McapFile implements AutoCloseable {
  private final FileChannel out;
  private final CRC32 crc = new CRC32();
  private long position;

  private McapFile(FileChannel out) {
    this.out = out;
  }

  static McapFile create(Path path) throws IOException {
    return new McapFile(
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE));
  }

  void record(int op, McapOutput content) throws IOException {
    write(new McapOutput(McapOp.PREFIX_BYTES).u8(op).u64(content.size()).written());
    write(content.written());
  }

  /** A record whose content ends with bytes from elsewhere. */
  void record(int op, McapOutput head, ByteBuffer rest) throws IOException {
    long length = (long) head.size() + rest.remaining();
    write(new McapOutput(McapOp.PREFIX_BYTES).u8(op).u64(length).written());
    write(head.written());
    write(rest);
  }

  /**
   * @param bytes from its position to its limit; neither is changed
   */
  void write(ByteBuffer bytes) throws IOException {
    crc.update(bytes.duplicate());
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      out.write(rest);
    }
    position += bytes.remaining();
  }

  long position() {
    return position;
  }

  /** CRC-32 of everything written since the start or the last {@link #restartChecksum}. */
  long checksum() {
    return crc.getValue();
  }

  void restartChecksum() {
    crc.reset();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
