package dev.parallax.nodes.source.mcap;

import dev.parallax.nodes.source.bag.MappedFile;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where a record is.
 *
 * @param op its kind, see {@link McapOp}
 * @param start of the record in the file
 * @param length of its content
 */
record McapRecord(int op, long start, long length) {
  /** The record that starts there; null if no whole prefix does. Its content may reach too far. */
  static @Nullable McapRecord at(MappedFile file, long start) {
    if (start < 0) {
      return null;
    }
    ByteBuffer prefix = file.slice(start, McapOp.PREFIX_BYTES);
    return prefix.limit() < McapOp.PREFIX_BYTES ? null : in(prefix, 0, start);
  }

  /** The record whose prefix is at {@code at} of the buffer; null if its length is impossible. */
  static @Nullable McapRecord in(ByteBuffer buffer, int at, long start) {
    int op = Byte.toUnsignedInt(buffer.get(at));
    long length = buffer.getLong(at + 1);
    boolean possible = op != 0 && length >= 0 && length < Long.MAX_VALUE - start - 64;
    return possible ? new McapRecord(op, start, length) : null;
  }

  long contentStart() {
    return start + McapOp.PREFIX_BYTES;
  }

  long end() {
    return contentStart() + length;
  }

  /** Whether the whole record lies in the file and can be held in memory. */
  boolean isWhole(MappedFile file) {
    return end() <= file.size() && length < MappedFile.SLICE_LIMIT_BYTES;
  }

  /** The content's first bytes, no more than {@code most}. */
  McapInput content(MappedFile file, long most) {
    return new McapInput(file.slice(contentStart(), Math.min(length, most)));
  }

  McapInput content(MappedFile file) {
    return content(file, length);
  }
}
