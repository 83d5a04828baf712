package dev.parallax.nodes.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The terminal that this process was started from, set to hand over each key as it is pressed and
 * not to print it; closing it puts it back as it was. Linux.
 */
final class Terminal implements AutoCloseable {
  private static final long PATIENCE_MS = 1000;

  /** Fields of /proc/self/stat, counted after the name: process group and the terminal's. */
  private static final int PROCESS_GROUP = 2;

  private static final int TERMINAL_GROUP = 5;

  private final String before;
  private final Thread restore = new Thread(this::putBack, "terminal");

  private Terminal(String before) {
    this.before = before;
    Runtime.getRuntime().addShutdownHook(restore);
  }

  /** Null where standard input is no terminal, or not ours, or there is no stty. */
  static @Nullable Terminal open() {
    if (System.console() == null || !isForeground()) {
      return null;
    }
    String before = stty("-g");
    if (before == null || stty("-icanon", "-echo", "min", "1") == null) {
      return null;
    }
    return new Terminal(before.strip());
  }

  /** Whether this process may read its terminal: one in the background would be stopped by it. */
  static boolean isForeground() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[PROCESS_GROUP].equals(fields[TERMINAL_GROUP]);
    } catch (IOException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  @Override
  public void close() {
    putBack();
    try {
      Runtime.getRuntime().removeShutdownHook(restore);
    } catch (IllegalStateException e) {
      // The JVM is already going down: the hook runs by itself, to the same effect.
    }
  }

  private void putBack() {
    stty(before);
  }

  /** What stty printed; null if it failed. */
  private static @Nullable String stty(String... arguments) {
    List<String> command = new ArrayList<>(List.of("stty", "-F", "/dev/tty"));
    command.addAll(List.of(arguments));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      if (!process.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return null;
      }
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? printed : null;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }
}
