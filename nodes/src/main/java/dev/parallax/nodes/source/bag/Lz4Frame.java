package dev.parallax.nodes.source.bag;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4FrameOutputStream;

/** Chunks as LZ4 frames, as ROS 1 bags and MCAP files have them. */
public final class Lz4Frame {
  private Lz4Frame() {}

  /**
   * Compresses, with the flags that ROS's own reader of lz4 chunks expects.
   *
   * @param plain backed by an array; from its position to its limit; neither is changed
   */
  public static byte[] of(ByteBuffer plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.remaining());
    try (OutputStream frame =
        new LZ4FrameOutputStream(
            packed,
            LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB,
            LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE,
            LZ4FrameOutputStream.FLG.Bits.CONTENT_CHECKSUM)) {
      frame.write(plain.array(), plain.arrayOffset() + plain.position(), plain.remaining());
    }
    return packed.toByteArray();
  }
}
