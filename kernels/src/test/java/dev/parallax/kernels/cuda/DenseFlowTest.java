package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.FlowKernels.Request;
import dev.parallax.kernels.FlowKernels.Start;
import dev.parallax.kernels.PerceptionKernels;
import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Dense flow is another implementation than the CPU's, so it is held against truth: never worse
 * than the CPU's on the same pictures.
 */
class DenseFlowTest {
  private static final Shape SIZE = Shape.of(121, 163);

  private static CudaDevice device;
  private static CudaKernels cuda;
  private static CpuKernels cpu;

  @BeforeAll
  static void start() throws Exception {
    ShimDriver.load();
    device = CudaDevice.open(0);
    cuda = new CudaKernels(device, () -> new CpuKernels(1));
    cpu = new CpuKernels(1);
  }

  @AfterAll
  static void stop() {
    if (device != null) {
      cuda.close();
      device.close();
      cpu.close();
    }
  }

  private static float[] shifted(PerceptionKernels kernels, long seed, double du, double dv) {
    try (BufferScope scope = kernels.openScope()) {
      ParityInput in = new ParityInput(kernels, scope, new Random(seed));
      DeviceBuffer[] pair = in.shiftedPair(SIZE, du, dv);
      DeviceBuffer flow = in.poisonedF32(SIZE.withChannels(2));
      kernels.flow().dense(List.of(new Request(pair[0], pair[1], flow, Start.NOTHING)));
      return in.floats(flow);
    }
  }

  /** Mean error away from the edge, where a shift moves in what was never seen. */
  private static double errorInside(float[] flow, double du, double dv) {
    double sum = 0;
    int n = 0;
    for (int v = 20; v < SIZE.height() - 20; v++) {
      for (int u = 20; u < SIZE.width() - 20; u++) {
        int i = 2 * (v * SIZE.width() + u);
        sum += Math.hypot(flow[i] - du, flow[i + 1] - dv);
        n++;
      }
    }
    return sum / n;
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0.4, -0.3", "3.6, 2.2", "-7.5, 5.1"})
  void aShiftIsFoundAtLeastAsWellAsByTheCpu(double du, double dv) {
    double error = errorInside(shifted(cuda, 5, du, dv), du, dv);
    double errorOfCpu = errorInside(shifted(cpu, 5, du, dv), du, dv);

    assertThat(error).isLessThan(Math.max(0.02, errorOfCpu));
  }

  @Test
  void theSamePicturesGiveTheSameFlowToTheBitInEveryRun() {
    assertThat(shifted(cuda, 9, 2.5, -1)).containsExactly(shifted(cuda, 9, 2.5, -1));
  }

  @Test
  void aGuessFindsWhatIsTooFarForASearchFromNothing() {
    double du = 31;
    try (BufferScope scope = cuda.openScope()) {
      ParityInput in = new ParityInput(cuda, scope, new Random(3));
      DeviceBuffer[] pair = in.shiftedPair(SIZE, du, 0);
      float[] guess = new float[2 * SIZE.pixels()];
      for (int i = 0; i < guess.length; i += 2) {
        guess[i] = i % 14 == 0 ? Float.NaN : (float) du - 2;
      }
      DeviceBuffer flow = in.of(SIZE.withChannels(2), guess);
      cuda.flow().dense(List.of(new Request(pair[0], pair[1], flow, Start.FAR)));
      float[] found = in.floats(flow);
      double sum = 0;
      int n = 0;
      for (int v = 20; v < SIZE.height() - 20; v++) {
        for (int u = 20; u < SIZE.width() - 20 - du; u++) {
          sum += Math.abs(found[2 * (v * SIZE.width() + u)] - du);
          n++;
        }
      }
      assertThat(sum / n).isLessThan(0.3);
    }
  }

  @Test
  void withoutAnyTextureNothingMoves() {
    try (BufferScope scope = cuda.openScope()) {
      ParityInput in = new ParityInput(cuda, scope, new Random(3));
      byte[] flat = new byte[SIZE.pixels()];
      Arrays.fill(flat, (byte) 90);
      DeviceBuffer flow = in.poisonedF32(SIZE.withChannels(2));
      cuda.flow()
          .dense(List.of(new Request(in.of(SIZE, flat), in.of(SIZE, flat), flow, Start.NOTHING)));
      assertThat(in.floats(flow)).containsOnly(0f);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 3", "9, 7", "15, 200", "17, 31"})
  void smallAndOddPicturesHaveAFiniteFlow(int height, int width) {
    Shape size = Shape.of(height, width);
    try (BufferScope scope = cuda.openScope()) {
      ParityInput in = new ParityInput(cuda, scope, new Random(7));
      DeviceBuffer flow = in.poisonedF32(size.withChannels(2));
      cuda.flow().dense(List.of(new Request(in.noise(size), in.noise(size), flow, Start.NOTHING)));
      for (float value : in.floats(flow)) {
        assertThat(value).isBetween(-100f, 100f);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dimetrodon", "Grove2", "RubberWhale", "Venus"})
  void theErrorOnMiddleburyIsNoWorseThanThatOfDisFast(String pair) throws Exception {
    String data = System.getenv("PARALLAX_DATA");
    Path root = Path.of(data == null ? "../../shared/data" : data).toAbsolutePath().normalize();
    Path folder = root.resolve("middlebury-flow").resolve(pair);
    assumeTrue(
        Files.isDirectory(folder),
        "NOT RUN: no pictures at %s; set PARALLAX_DATA to the folder that holds middlebury-flow"
            .formatted(folder));

    FlowPair pictures = Middlebury.read(folder);

    assertThat(pictures.error(cuda)).isLessThan(pictures.error(cpu));
  }
}
