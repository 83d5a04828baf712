package dev.parallax.nodes.ros.tcpros;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** What every link does with its socket and thread. */
final class Sockets {
  private static final int IDLE_S = 30;
  private static final int PROBE_S = 10;
  private static final int PROBES = 3;
  private static final long JOIN_S = 5;

  private Sockets() {}

  /** Lets the system notice within a minute that the other machine is gone. */
  static void keepAlive(Socket socket) throws IOException {
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, IDLE_S);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, PROBE_S);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
    }
  }

  /** Closes what may already be closed. */
  static void closeQuietly(@Nullable Closeable closeable) {
    if (closeable != null) {
      try {
        closeable.close();
      } catch (IOException e) {
        // Nothing more is wanted from it.
      }
    }
  }

  /** Waits for a thread whose socket is closed; at once where it is the caller itself. */
  static void join(Thread thread) {
    if (thread != Thread.currentThread()) {
      try {
        thread.join(TimeUnit.SECONDS.toMillis(JOIN_S));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
