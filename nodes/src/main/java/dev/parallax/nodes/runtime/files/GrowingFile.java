package dev.parallax.nodes.runtime.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A text file that grows line by line and at any time holds whole lines only: each line goes to the
 * system as it is made, and one that did not fit on the disk is taken back.
 */
final class GrowingFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private long length;

  /**
   * @throws OutputException if the file cannot be made
   */
  GrowingFile(Path path) {
    this.path = path;
    try {
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new OutputException(path, e);
    }
  }

  /**
   * Appends one line.
   *
   * @throws OutputException if it cannot be written; the file is as before
   */
  void appendLine(String line) {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      length += bytes.limit();
    } catch (IOException e) {
      takeBack();
      throw new OutputException(path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new OutputException(path, e);
    }
  }

  private void takeBack() {
    try {
      channel.truncate(length);
    } catch (IOException e) {
      // The write's own failure is what must be told.
    }
  }
}
