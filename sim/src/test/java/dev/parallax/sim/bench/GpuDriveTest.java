package dev.parallax.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The whole pipeline on the GPU's kernels, run by the driver that is the CPU
 * (kernels/src/test/cuda): how often a frame waits, and that the time at which a GPU does its work
 * changes nothing.
 */
class GpuDriveTest {
  private static final Pattern WAITS = Pattern.compile("median: (\\d+) waits");

  private static Path driver;

  /** Built by the tests of the kernels, which come before. */
  @BeforeAll
  static void findDriver() throws IOException {
    Path built = Path.of("../kernels/target/cuda-shim");
    Optional<Path> newest = Optional.empty();
    if (Files.isDirectory(built)) {
      try (Stream<Path> folders = Files.list(built)) {
        newest =
            folders
                .filter(folder -> Files.exists(folder.resolve("libcuda.so.1")))
                .max(Comparator.comparing(folder -> folder.toFile().lastModified()));
      }
    }
    assumeTrue(
        newest.isPresent(),
        "NOT RUN: the CPU's driver is not built; run the kernels' tests first, they need g++");
    driver = newest.get().toAbsolutePath();
  }

  private static String run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dparallax.bench.rounds=1",
                "-cp",
                System.getProperty("java.class.path"),
                GpuDrive.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", driver.toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** The contrast, points carried by flow, points found again, the map's blocks, the results. */
  @Test
  void aTrackedFrameWaitsFiveTimesForTheGpu() throws Exception {
    String said = run(Map.of(), "time", "6", "320x240");

    Matcher waits = WAITS.matcher(said);
    assertThat(waits.find()).as(said).isTrue();
    assertThat(Integer.parseInt(waits.group(1))).as(said).isLessThanOrEqualTo(5);
  }

  @Test
  void thePathIsTheSameWhetherTheGpuWorksAtOnceOrAsLateAsItMay() throws Exception {
    String atOnce = run(Map.of(), "drive", "6");

    assertThat(atOnce).contains("6 of 6 frames published");
    assertThat(run(Map.of("PARALLAX_SHIM_LATE", "1"), "drive", "6")).isEqualTo(atOnce);
  }
}
