package dev.parallax.nodes.ros.tcpros;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes TCPROS connections of subscribers and of callers of services, reads their first header on a
 * thread of their own and hands them on.
 */
final class TcpServer implements AutoCloseable {
  private static final int HEADER_LIMIT_MS = 5000;

  /** Callers at the door or being answered at one time; the rest is turned away. */
  private static final int MAX_VISITORS = 128;

  private final ServerSocket listening = new ServerSocket();
  private final Visitors visitors;
  private final Set<Socket> inside = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean closed;

  /** Decides what becomes of a connection. */
  @FunctionalInterface
  interface Visitors {
    /**
     * @return whether somebody else owns the socket now; else it is closed
     */
    boolean accept(Socket socket, ConnectionHeader header) throws IOException;
  }

  /**
   * @param address to listen on, with port 0 for any free one
   */
  TcpServer(InetSocketAddress address, Visitors visitors) throws IOException {
    this.visitors = visitors;
    listening.bind(address);
    thread = new Thread(this::listen, "ros-accept");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listening.getLocalPort();
  }

  private void listen() {
    while (!closed) {
      try {
        Socket socket = listening.accept();
        if (inside.size() >= MAX_VISITORS) {
          socket.close();
          continue;
        }
        inside.add(socket);
        Thread visit = new Thread(() -> visit(socket), "ros-visitor");
        visit.setDaemon(true);
        visit.start();
      } catch (IOException e) {
        pauseAfter(e);
      }
    }
  }

  private void visit(Socket socket) {
    boolean keep = false;
    try {
      socket.setSoTimeout(HEADER_LIMIT_MS);
      keep = visitors.accept(socket, ConnectionHeader.read(socket.getInputStream()));
    } catch (IOException e) {
      // Whoever it was does not speak TCPROS, was told why it is refused, or has left.
    } finally {
      inside.remove(socket);
      if (!keep) {
        Sockets.closeQuietly(socket);
      }
    }
  }

  /** Out of file descriptors: trying at once would only burn the processor. */
  private void pauseAfter(IOException e) {
    if (!closed) {
      try {
        Thread.sleep(100);
      } catch (InterruptedException interrupted) {
        closed = true;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    Sockets.closeQuietly(listening);
    inside.forEach(Sockets::closeQuietly);
    Sockets.join(thread);
  }
}
