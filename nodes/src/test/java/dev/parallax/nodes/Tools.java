package dev.parallax.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs of other people that some tests hold ours against. Where one is missing the test is
 * skipped, saying what would make it run.
 */
public final class Tools {
  private static final long PATIENCE_S = 120;

  private Tools() {}

  /** Skips the calling test where there is no such program; {@code debianPackage} has it. */
  public static void require(String program, String debianPackage) {
    Assumptions.assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
        () ->
            "NOT RUN: no %s; to run this test: sudo apt-get install -y %s"
                .formatted(program, debianPackage));
  }

  /** Runs a program to its end and returns what it printed; it must succeed. */
  public static String run(Path folder, String... command) {
    try {
      Path output = Files.createTempFile("parallax-tool", ".txt");
      try {
        Process process =
            new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
        process.destroyForcibly();
        String printed = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(ended && process.exitValue() == 0)
            .as("%s in %s printed:%n%s", String.join(" ", command), folder, printed)
            .isTrue();
        return printed;
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
