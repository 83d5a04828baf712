package dev.parallax.nodes.kafka.broker;

import dev.parallax.nodes.kafka.KafkaTrouble;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker, one KRaft node on loopback, in a JVM of its own. What it keeps stays in its
 * data folder when it stops. Owned by the caller, who closes it.
 */
public final class LocalBroker implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofSeconds(90);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
  private static final int LOG_LINES_TOLD = 12;
  private static final String CLUSTER_ID = "parallaxDeskBroker0001";

  private final BrokerConfig config;
  private final Process process;
  private final RandomAccessFile lockFile;
  private final FileLock lock;

  private LocalBroker(
      BrokerConfig config, Process process, RandomAccessFile lockFile, FileLock lock) {
    this.config = config;
    this.process = process;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Starts a broker and waits until it answers.
   *
   * @throws KafkaTrouble if the port or the data folder is in use, or the broker does not come up;
   *     the message names its log
   */
  public static LocalBroker start(BrokerConfig config) throws InterruptedException {
    String classpath = BrokerClasspath.read();
    requireFree(config.port());
    RandomAccessFile lockFile = null;
    try {
      Files.createDirectories(config.dataDir());
      lockFile = new RandomAccessFile(config.dataDir().resolve("lock").toFile(), "rw");
      FileLock lock = tryLock(lockFile);
      if (lock == null) {
        throw new KafkaTrouble(
            "%s: another broker uses this folder; stop it, or give another --data"
                .formatted(config.dataDir()));
      }
      LocalBroker broker = new LocalBroker(config, launch(config, classpath), lockFile, lock);
      broker.awaitAnswer();
      return broker;
    } catch (IOException e) {
      closeQuietly(lockFile);
      throw new KafkaTrouble(
          "%s: cannot keep topics there (%s); give another --data".formatted(config.dataDir(), e),
          e);
    } catch (KafkaTrouble e) {
      closeQuietly(lockFile);
      throw e;
    }
  }

  /** A port on loopback that nobody listens on now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new KafkaTrouble("No free port on loopback: " + e.getMessage(), e);
    }
  }

  /** What to give as {@code bootstrap.servers}. */
  public String address() {
    return "127.0.0.1:" + config.port();
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The broker's log; warnings and worse only. */
  public Path log() {
    return logFile(config);
  }

  /**
   * Waits for the broker's end.
   *
   * @return its exit status
   */
  public int awaitExit() throws InterruptedException {
    return process.waitFor();
  }

  /** Ends the broker at once, as a power cut would: what tests of recovery want. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
    closeQuietly(lockFile);
  }

  /** Lets the broker flush its logs and end; forces it after 20 s. */
  @Override
  public void close() {
    process.destroy();
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (lock.isValid()) {
      closeQuietly(lockFile);
    }
  }

  private static Process launch(BrokerConfig config, String classpath)
      throws IOException, InterruptedException {
    Path settings = config.dataDir().resolve("server.properties");
    Files.writeString(settings, config.properties(freePort()));
    if (!Files.exists(config.dataDir().resolve("log/meta.properties"))) {
      Process format =
          java(
                  config,
                  classpath,
                  "kafka.tools.StorageTool",
                  List.of("format", "-t", CLUSTER_ID, "-c", settings.toString()))
              .start();
      if (format.waitFor() != 0) {
        throw new KafkaTrouble(
            "%s: Kafka could not prepare the folder: %s"
                .formatted(config.dataDir(), lastLines(logFile(config))));
      }
    }
    return java(config, classpath, "kafka.Kafka", List.of(settings.toString())).start();
  }

  private static ProcessBuilder java(
      BrokerConfig config, String classpath, String mainClass, List<String> arguments) {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + config.heapMb() + "m",
            "-XX:+UseSerialGC",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-cp",
            classpath,
            mainClass);
    builder.command().addAll(arguments);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile(config).toFile()));
    return builder;
  }

  private void awaitAnswer() throws InterruptedException, IOException {
    long deadlineNs = System.nanoTime() + START_PATIENCE.toNanos();
    while (!listens(config.port())) {
      if (!process.isAlive()) {
        throw new KafkaTrouble(
            "The broker ended with status %d: %s".formatted(process.exitValue(), lastLines(log())));
      }
      if (System.nanoTime() > deadlineNs) {
        process.destroyForcibly();
        throw new KafkaTrouble(
            "The broker did not answer within %d s; its log is %s"
                .formatted(START_PATIENCE.toSeconds(), log()));
      }
      Thread.sleep(50);
    }
  }

  private static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new KafkaTrouble(
          "Port %d on loopback is in use; a broker may be running already, or give another --port"
              .formatted(port),
          e);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable FileLock tryLock(RandomAccessFile file) throws IOException {
    try {
      return file.getChannel().tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // by this very JVM
    }
  }

  private static void closeQuietly(@Nullable RandomAccessFile file) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        // Nothing was written to it; the lock goes with the descriptor in any case.
      }
    }
  }

  private static Path logFile(BrokerConfig config) {
    return config.dataDir().resolve("broker.log");
  }

  private static String lastLines(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join(
        System.lineSeparator(),
        lines.subList(Math.max(0, lines.size() - LOG_LINES_TOLD), lines.size()));
  }
}
