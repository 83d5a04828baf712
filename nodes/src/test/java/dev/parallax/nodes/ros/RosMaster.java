package dev.parallax.nodes.ros;

import dev.parallax.nodes.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Debian's roscore on a free port, with a home folder of its own, and programs that talk to it. */
public final class RosMaster implements AutoCloseable {
  /** A Java runtime that is started on a busy machine takes most of a minute. */
  private static final long PATIENCE_MS = 90_000;

  private final Path home;
  private final int port;
  private Process roscore;

  private RosMaster(Path home, int port, Process roscore) {
    this.home = home;
    this.port = port;
    this.roscore = roscore;
  }

  /** Starts one, or skips the calling test where there is no ROS. */
  public static RosMaster start(Path home) {
    Tools.require("roscore", "ros-core");
    int port = freePort();
    RosMaster master = new RosMaster(home, port, null);
    master.restart();
    return master;
  }

  /** Starts it again on the same port after {@link #kill}. */
  public void restart() {
    roscore = start("roscore", "roscore", "-p", Integer.toString(port));
    await("roscore answers", this::answers);
  }

  /** Ends roscore and its children as a power cut would. */
  public void kill() {
    List<ProcessHandle> children = roscore.descendants().toList();
    roscore.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    await("roscore is gone", () -> !answers() && !roscore.isAlive());
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** What programs need to find this master. */
  public Map<String, String> environment() {
    return Map.of(
        "ROS_MASTER_URI", uri().toString(),
        "ROS_IP", "127.0.0.1",
        "ROS_HOME", home.toString(),
        "ROS_LOG_DIR", home.resolve("log").toString(),
        "PYTHONUNBUFFERED", "1");
  }

  public RosConfig config(String node, String... arguments) {
    return RosConfig.of(environment(), node, List.of(arguments));
  }

  /** Starts a program whose output goes to {@code name.txt} in the home folder. */
  public Process start(String name, String... command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve(name + ".txt").toFile());
    builder.environment().putAll(environment());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a Python program that knows rospy. */
  public Process python(String name, String program, String... arguments) {
    try {
      Path file = Files.writeString(home.resolve(name + ".py"), program);
      String[] command = new String[arguments.length + 2];
      command[0] = "/usr/bin/python3";
      command[1] = file.toString();
      System.arraycopy(arguments, 0, command, 2, arguments.length);
      return start(name, command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a program to its end and returns what it printed. */
  public String run(String name, String... command) {
    Process process = start(name, command);
    try {
      if (!process.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(name + " did not end; it printed:\n" + printed(name));
      }
      return printed(name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** What a program has printed so far. */
  public String printed(String name) {
    try {
      return Files.readString(home.resolve(name + ".txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until something holds; fails naming it if it never does. */
  public static void await(String what, BooleanSupplier holds) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited in vain: " + what);
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  private boolean answers() {
    try {
      HttpURLConnection http = (HttpURLConnection) uri().toURL().openConnection(Proxy.NO_PROXY);
      http.setConnectTimeout(500);
      http.setReadTimeout(500);
      return http.getResponseCode() > 0; // it answers GET with an error, but answers
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (roscore.isAlive()) {
      kill();
    }
  }
}
