package dev.parallax.nodes.ros.tcpros;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes bodies preceded by their length. Length and the start of the body leave together, so that
 * no small packet goes ahead; a long body goes out from its own array. One thread.
 */
final class FrameWriter {
  private static final int HEAD_BYTES = 32 << 10;

  private final OutputStream out;
  private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  FrameWriter(OutputStream out) {
    this.out = out;
  }

  /**
   * @param body from its position to its limit, unchanged; backed by an array
   */
  void write(ByteBuffer body) throws IOException {
    write(null, body);
  }

  /** The same after one byte, as a service's answer has it. */
  void write(boolean verdict, ByteBuffer body) throws IOException {
    write((Boolean) verdict, body);
  }

  private void write(@org.jspecify.annotations.Nullable Boolean verdict, ByteBuffer body)
      throws IOException {
    head.clear();
    if (verdict != null) {
      head.put((byte) (verdict ? 1 : 0));
    }
    head.putInt(body.remaining());
    int ahead = Math.min(head.remaining(), body.remaining());
    int start = body.arrayOffset() + body.position();
    head.put(body.array(), start, ahead);
    out.write(head.array(), 0, head.position());
    if (ahead < body.remaining()) {
      out.write(body.array(), start + ahead, body.remaining() - ahead);
    }
    out.flush();
  }
}
