package dev.parallax.nodes.ros.tcpros;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;

/**
 * Reads what TCPROS sends over a link: bodies preceded by their length. The buffer is used again
 * for each body and grows only as bytes arrive, whatever length was announced. One thread.
 */
final class FrameReader {
  private static final int FIRST_BYTES = 64 << 10;

  private final Socket socket;
  private final InputStream in;
  private final int maxBytes;
  private final int stallMs;
  private byte[] buffer = new byte[FIRST_BYTES];

  /**
   * @param maxBytes a longer body is refused
   * @param stallLimit how long the rest of a body may stand still
   */
  FrameReader(Socket socket, int maxBytes, Duration stallLimit) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.maxBytes = maxBytes;
    this.stallMs = (int) stallLimit.toMillis();
  }

  /**
   * Waits for the next body, however long it takes to begin.
   *
   * @return valid until the next call
   * @throws EOFException if the other end has closed
   * @throws IOException if it stalls within a body or announces one too long
   */
  ByteBuffer next() throws IOException {
    socket.setSoTimeout(0);
    int first = in.read();
    if (first < 0) {
      throw new EOFException("closed by the other end");
    }
    socket.setSoTimeout(stallMs);
    try {
      buffer[0] = (byte) first;
      fill(1, 4);
      long length =
          Integer.toUnsignedLong(ByteBuffer.wrap(buffer).order(ByteOrder.LITTLE_ENDIAN).getInt());
      if (length > maxBytes) {
        throw new IOException(
            "announces a message of %d bytes, more than the %d allowed"
                .formatted(length, maxBytes));
      }
      fill(0, (int) length);
      return ByteBuffer.wrap(buffer, 0, (int) length);
    } catch (SocketTimeoutException e) {
      throw new IOException(
          "stood still for %d s in the middle of a message".formatted(stallMs / 1000), e);
    }
  }

  /** One byte, as a service's verdict is. */
  int verdict() throws IOException {
    socket.setSoTimeout(stallMs);
    int verdict = in.read();
    if (verdict < 0) {
      throw new EOFException("closed by the other end");
    }
    return verdict;
  }

  private void fill(int from, int to) throws IOException {
    int at = from;
    while (at < to) {
      if (at == buffer.length) {
        buffer = Arrays.copyOf(buffer, (int) Math.min(to, 2L * buffer.length));
      }
      int count = in.read(buffer, at, Math.min(to, buffer.length) - at);
      if (count < 0) {
        throw new EOFException("closed by the other end in the middle of a message");
      }
      at += count;
    }
  }
}
