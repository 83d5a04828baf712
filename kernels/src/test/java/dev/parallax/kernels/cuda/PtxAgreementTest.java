package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The checked-in PTX is that of the checked-in CUDA sources. */
class PtxAgreementTest {
  private static final int NOT_COMPILED_AGAIN = 3;

  /** For who has the data on the GPU already; the README says why the frame path has not. */
  private static final Set<String> LAUNCHED_BY_TESTS_ALONE = Set.of("lift_points", "pack_16uc1");

  private record Check(int status, String output) {}

  private static Check check;

  @BeforeAll
  static void check() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", ShimDriver.CUDA.resolve("ptx").toString(), "check")
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    check = new Check(process.waitFor(), output.trim());
  }

  @Test
  void theCopyCarriesTheHashOfItsSources() {
    assertThat(check.status()).as(check.output()).isIn(0, NOT_COMPILED_AGAIN);
  }

  @Test
  void theCompilerMakesTheSamePtxAgainAndCodeForHopper() {
    assumeTrue(
        check.status() != NOT_COMPILED_AGAIN,
        "NOT RUN: " + check.output() + "; install CUDA 13.0's nvcc or name it in NVCC");
    assertThat(check.status()).as(check.output()).isZero();
  }

  @Test
  void everyKernelHasACaller() throws IOException {
    StringBuilder host = new StringBuilder();
    StringBuilder ptx = new StringBuilder();
    for (Path source : files("src/main/java", ".java")) {
      host.append(Files.readString(source));
    }
    for (Path file : files("src/main/ptx", ".ptx")) {
      ptx.append(Files.readString(file));
    }

    assertThat(CudaFunction.parametersOf(ptx.toString()).keySet())
        .hasSizeGreaterThan(50)
        .containsAll(LAUNCHED_BY_TESTS_ALONE)
        .filteredOn(kernel -> !LAUNCHED_BY_TESTS_ALONE.contains(kernel))
        .allSatisfy(kernel -> assertThat(host).contains('"' + kernel + '"'));
  }

  private static List<Path> files(String folder, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(folder))) {
      return all.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }
}
