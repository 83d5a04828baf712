package dev.parallax.nodes.ros.tcpros;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends one topic to one subscriber from a thread of its own, behind a bounded queue whose oldest
 * message makes room. Owns its socket.
 */
final class OutgoingLink {
  /** How often a link with nothing to send looks whether the subscriber is still there. */
  private static final long IDLE_MS = 1000;

  private final Socket socket;
  private final String subscriber;
  private final int capacity;
  private final Consumer<OutgoingLink> ended;
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
  private final Thread thread;
  private long dropped;
  private boolean closed;

  /**
   * @param socket its headers exchanged
   * @param subscriber name of the node
   * @param ended told once, by the link's thread, when there is nobody to send to any more
   */
  OutgoingLink(Socket socket, String subscriber, int capacity, Consumer<OutgoingLink> ended) {
    this.socket = socket;
    this.subscriber = subscriber;
    this.capacity = capacity;
    this.ended = ended;
    thread = new Thread(this::send, "ros-to-" + subscriber);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  String subscriber() {
    return subscriber;
  }

  /** Queues a message; never waits. */
  synchronized void offer(ByteBuffer message) {
    if (closed) {
      return;
    }
    if (waiting.size() == capacity) {
      waiting.removeFirst();
      dropped++;
    }
    waiting.addLast(message);
    notifyAll();
  }

  synchronized long dropped() {
    return dropped;
  }

  private void send() {
    try {
      FrameWriter writer = new FrameWriter(socket.getOutputStream());
      while (true) {
        ByteBuffer message = next();
        if (message != null) {
          writer.write(message);
        } else if (isClosed() || hasLeft()) {
          break;
        }
      }
    } catch (IOException e) {
      // The subscriber has gone; that is its good right.
    } finally {
      close();
      ended.accept(this);
    }
  }

  /** The next message; null after a while without one, or once closed. */
  private synchronized @Nullable ByteBuffer next() {
    try {
      if (waiting.isEmpty() && !closed) {
        wait(IDLE_MS);
      }
    } catch (InterruptedException e) {
      closed = true;
    }
    return closed ? null : waiting.pollFirst();
  }

  /** A subscriber sends nothing after its header, so that anything but silence is its end. */
  private boolean hasLeft() throws IOException {
    socket.setSoTimeout(1);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  void close() {
    synchronized (this) {
      closed = true;
      waiting.clear();
      notifyAll();
    }
    Sockets.closeQuietly(socket);
  }

  void join() {
    Sockets.join(thread);
  }
}
