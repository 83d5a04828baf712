package dev.parallax.sim.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The whole pipeline on the GPU's kernels, run by the driver that is the CPU
 * (kernels/src/test/cuda): how often a frame waits, and that the time at which a GPU does its work
 * changes nothing.
 */
class GpuDriveTest {
  private static final Pattern TRACKED = Pattern.compile("TRACKING (\\d+) (\\d+) (\\d+)");

  /** Built by the tests of the kernels, which come before. */
  private static final Path DRIVER = Path.of("../kernels/target/cuda-shim/current");

  @BeforeAll
  static void findDriver() {
    assumeTrue(
        Files.exists(DRIVER.resolve("libcuda.so.1")),
        "NOT RUN: the CPU's driver is not built; run the kernels' tests first, they need g++");
  }

  private static String run(Class<?> main, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LD_LIBRARY_PATH", DRIVER.toAbsolutePath().toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /**
   * For the contrast with the points found again, and for the results with the map; a frame that
   * becomes a keyframe or a place waits more often.
   */
  @Test
  void aTrackedFrameWaitsTwiceForTheGpuAndItsFlowGoesThereAsGraphs() throws Exception {
    Matcher tracked = TRACKED.matcher(run(FrameTraffic.class, Map.of(), "12"));
    List<Integer> waits = new ArrayList<>();
    List<Integer> uploadWaits = new ArrayList<>();
    List<Integer> launches = new ArrayList<>();
    while (tracked.find()) {
      waits.add(Integer.parseInt(tracked.group(1)));
      uploadWaits.add(Integer.parseInt(tracked.group(2)));
      launches.add(Integer.parseInt(tracked.group(3)));
    }

    assertThat(waits).hasSizeGreaterThan(4);
    waits.sort(null);
    assertThat(waits.get(waits.size() / 2)).isEqualTo(2);
    assertThat(uploadWaits).containsOnly(0);
    // Beside both flows' hundred kernels each, which are launched singly in the first frames.
    assertThat(launches.get(launches.size() - 1)).isLessThan(70);
  }

  @Test
  void thePathIsTheSameWhetherTheGpuWorksAtOnceOrAsLateAsItMay() throws Exception {
    String atOnce = run(GpuDrive.class, Map.of(), "drive", "8");

    assertThat(atOnce).contains("8 of 8 frames published");
    for (String late : List.of("1", "alternate")) {
      assertThat(run(GpuDrive.class, Map.of("PARALLAX_SHIM_LATE", late), "drive", "8"))
          .isEqualTo(atOnce);
    }
  }
}
