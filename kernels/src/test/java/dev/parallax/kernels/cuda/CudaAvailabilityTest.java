package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said where no GPU can be used; each in a process of its own, for a driver loads once. */
class CudaAvailabilityTest {
  private static final Path PTX = Path.of("target/classes/dev/parallax/kernels/cuda");

  @TempDir Path temp;

  private static String open(int ordinal, Path libraries, Map<String, String> environment)
      throws IOException, InterruptedException {
    try (ChildProcess child =
        new ChildProcess(OpenDevice.class, libraries, environment, Integer.toString(ordinal))) {
      return child.said();
    }
  }

  private static ChildProcess onShim(Map<String, String> environment, String... arguments)
      throws IOException {
    return new ChildProcess(
        OpenDevice.class, ShimDriver.build().getParent(), environment, arguments);
  }

  private static String onShim(String... variable) throws Exception {
    Map<String, String> environment =
        variable.length == 0 ? Map.of() : Map.of(variable[0], variable[1]);
    return open(0, ShimDriver.build().getParent(), environment);
  }

  @Test
  void theShimIsAGpuLikeAnother() throws Exception {
    assertThat(onShim()).startsWith("works: cuda:0 CPU shim");
  }

  @Test
  void withoutADriverItIsSaidSo() throws Exception {
    String said = open(0, temp, Map.of());

    assumeFalse(said.startsWith("works"), "NOT RUN: this machine has a GPU; hide its driver");
    assertThat(said).contains("unavailable: ").containsAnyOf("no NVIDIA driver", "sees no GPU");
  }

  @Test
  void aDriverWithoutAGpuIsSaidSo() throws Exception {
    Path source = temp.resolve("stub.c");
    Files.writeString(source, "int cuInit(unsigned flags) { return 100; }\n");
    assumeTrue(
        ShimDriver.isThere("g++"), "NOT RUN: g++ is missing; on Debian: apt-get install g++");
    ShimDriver.await(
        new ProcessBuilder(
                "g++",
                "-x",
                "c",
                "-shared",
                "-fPIC",
                "-Wl,-soname,libcuda.so.1",
                source.toString(),
                "-o",
                temp.resolve("libcuda.so.1").toString())
            .inheritIO()
            .start());

    assertThat(open(0, temp, Map.of())).isEqualTo("unavailable: the NVIDIA driver sees no GPU");
  }

  @Test
  void aDriverThatIsTooOldIsSaidSo() throws Exception {
    assertThat(onShim("PARALLAX_SHIM_VERSION", "12040"))
        .isEqualTo(
            "unavailable: the NVIDIA driver is for CUDA 12.4, the kernels want 13.0:"
                + " install driver 580 or newer");
  }

  @Test
  void aGpuThatIsNotThereIsSaidSo() throws Exception {
    assertThat(open(3, ShimDriver.build().getParent(), Map.of()))
        .isEqualTo("unavailable: there is no GPU 3: the driver sees 1");
  }

  @Test
  void aGpuWhoseMemoryOthersHoldIsSaidSo() throws Exception {
    assertThat(onShim("PARALLAX_SHIM_MEMORY", "100000000"))
        .isEqualTo(
            "unavailable: CPU shim has 95 MiB of free memory, at least 256 are needed:"
                + " another process holds the rest");
  }

  @Test
  void aKernelThatBreaksTheContextIsNamedWithItsExtent() throws Exception {
    assertThat(onShim("PARALLAX_SHIM_FAIL", "cuLaunchKernel:1:700"))
        .startsWith("failed, context lost true: cuLaunchKernel of grey_sums on [1 256] blocks")
        .contains("CUDA_ERROR_ILLEGAL_ADDRESS (700)");
  }

  /** A folder for the class path with such code for the shim's capability. */
  private String withCubin(String file, byte[] code) throws IOException {
    Path folder = Files.createDirectories(temp.resolve("dev/parallax/kernels/cuda"));
    byte[] ptx = Files.readAllBytes(PTX.resolve(file + ".ptx"));
    Files.write(folder.resolve(CudaDevice.cubinOf(file, ptx, 90)), code);
    try (ChildProcess child =
        new ChildProcess(
            OpenDevice.class,
            temp + File.pathSeparator + System.getProperty("java.class.path"),
            ShimDriver.build().getParent(),
            Map.of(),
            "0")) {
      return child.said();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void codeMadeForTheGpuIsTakenBeforePtx() throws Exception {
    byte[] ptx = Files.readAllBytes(PTX.resolve("image.ptx"));
    byte[] code = new byte[4 + ptx.length];
    System.arraycopy("\u007fELF".getBytes(StandardCharsets.US_ASCII), 0, code, 0, 4);
    System.arraycopy(ptx, 0, code, 4, ptx.length);

    assertThat(withCubin("image", code)).startsWith("works: ").endsWith(", 1 of 11 files as cubin");
  }

  @Test
  void codeThatTheDriverDoesNotTakeGivesWayToPtx() throws Exception {
    assertThat(withCubin("voxel", "\u007fELF of another GPU".getBytes(StandardCharsets.US_ASCII)))
        .startsWith("works: ")
        .doesNotContain("cubin");
  }

  @Test
  void aPictureThatDoesNotFitIsNamedWithWhatIsFree() throws Exception {
    assertThat(onShim("PARALLAX_SHIM_FAIL", "cuMemAlloc_v2:1:2"))
        .startsWith("failed, context lost false: cuMemAlloc of [600 800 1], 1 MiB with ")
        .contains("free: CUDA_ERROR_OUT_OF_MEMORY (2)");
  }

  @Test
  void aPictureLargerThanTheMemoryIsNamedWithBothSizes() throws Exception {
    try (ChildProcess child =
        onShim(Map.of("PARALLAX_SHIM_MEMORY", "300000000"), "0", "30000", "20000")) {
      assertThat(child.said())
          .isEqualTo(
              "failed, context lost false: cuMemAlloc of [20000 30000 1], 573 MiB with 286 of"
                  + " 286 MiB free: CUDA_ERROR_OUT_OF_MEMORY (2), answered by the CPU shim");
    }
  }

  @Test
  void aGpuThatIsLostInMidRunIsNamedWithTheLastKernel() throws Exception {
    // The first two of the three rounds pass.
    assertThat(onShim("PARALLAX_SHIM_FAIL", "cuEventSynchronize:3:719"))
        .startsWith(
            "failed, context lost true: cuEventSynchronize of mean_and_std on [1 1] blocks of 256"
                + " threads: CUDA_ERROR_LAUNCH_FAILED (719)");
  }

  @Test
  void twoProcessesShareAGpuAndItsMemory() throws Exception {
    Map<String, String> shared =
        Map.of(
            "PARALLAX_SHIM_SHARED",
            temp.resolve("memory").toString(),
            "PARALLAX_SHIM_MEMORY",
            "700000000");
    try (ChildProcess large = onShim(shared, "0", "25000", "20000", "hold")) {
      assertThat(large.line()).startsWith("works: ");
      try (ChildProcess second = onShim(shared, "0")) {
        assertThat(second.said())
            .startsWith("unavailable: CPU shim has 190 MiB of free memory, at least 256 are needed")
            .endsWith("another process holds the rest");
      }
      large.release();
    }
    try (ChildProcess first = onShim(shared, "0", "800", "600", "hold");
        ChildProcess second = onShim(shared, "0")) {
      assertThat(first.line()).startsWith("works: ");
      assertThat(second.said()).startsWith("works: ");
      first.release();
    }
  }
}
