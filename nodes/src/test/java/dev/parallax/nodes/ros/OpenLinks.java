package dev.parallax.nodes.ros;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds open for ROS: sockets of any kind, as Linux counts them, and threads.
 *
 * @param sockets file descriptors that are sockets
 * @param threads whose names begin with {@code ros-}
 */
public record OpenLinks(int sockets, int threads) {
  public static OpenLinks now() {
    makeJavaOpenItsOwn();
    return new OpenLinks(openSockets(), rosThreads());
  }

  private static int rosThreads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("ros-"))
            .count();
  }

  /** The first socket that Java closes under a reader makes it open one that it keeps. */
  private static void makeJavaOpenItsOwn() {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      Thread reader = new Thread(() -> readUntilClosed(accepted));
      reader.start();
      Thread.sleep(20);
      accepted.close();
      reader.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void readUntilClosed(Socket socket) {
    try {
      int unused = socket.getInputStream().read();
    } catch (IOException e) {
      // That is what it waited for.
    }
  }

  /** Waits until no more is open than was then. */
  public void awaitReturn() {
    RosMaster.await(
        "sockets and threads are as before: " + this,
        () -> openSockets() <= sockets && rosThreads() <= threads);
  }

  private static int openSockets() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return (int) descriptors.filter(OpenLinks::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed while we looked
    }
  }
}
