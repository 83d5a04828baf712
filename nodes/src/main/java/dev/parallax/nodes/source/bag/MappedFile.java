package dev.parallax.nodes.source.bag;

import dev.parallax.nodes.source.SourceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A read-only file in memory, of any size. A Java mapping ends at 2 GiB, so the file is mapped in
 * windows that overlap by one stride: any slice shorter than a stride lies within a single window.
 */
public final class MappedFile {
  /** Slices must be shorter than this: 1 GiB. */
  public static final long SLICE_LIMIT_BYTES = 1L << 30;

  private final List<MappedByteBuffer> windows;
  private final long stride;
  private final long size;

  private MappedFile(List<MappedByteBuffer> windows, long stride, long size) {
    this.windows = windows;
    this.stride = stride;
    this.size = size;
  }

  /**
   * @throws SourceException if the file cannot be read
   */
  public static MappedFile of(Path path) {
    try {
      return open(path);
    } catch (IOException e) {
      throw new SourceException(
          "%s: cannot be read (%s); check the path and its permissions".formatted(path, e), e);
    }
  }

  static MappedFile open(Path path) throws IOException {
    return open(path, SLICE_LIMIT_BYTES);
  }

  /** With a smaller stride, so that tests cross windows without huge files. */
  static MappedFile open(Path path, long stride) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      List<MappedByteBuffer> windows = new ArrayList<>();
      for (long from = 0; from < size; from += stride) {
        long length = Math.min(Math.min(2 * stride, Integer.MAX_VALUE), size - from);
        windows.add(channel.map(FileChannel.MapMode.READ_ONLY, from, length));
      }
      return new MappedFile(windows, stride, size); // mappings outlive the channel
    }
  }

  public long size() {
    return size;
  }

  /** Up to {@code length} bytes from {@code position}, fewer at the end; little-endian. */
  public ByteBuffer slice(long position, long length) {
    long available = Math.max(0, Math.min(length, size - position));
    if (available == 0) {
      return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
    }
    int window = (int) (position / stride);
    int offset = (int) (position - window * stride);
    if (available >= stride && window < windows.size() - 1) {
      throw new IllegalArgumentException(
          "A slice of %d bytes is not shorter than %d".formatted(available, stride));
    }
    return windows.get(window).slice(offset, (int) available).order(ByteOrder.LITTLE_ENDIAN);
  }
}
