package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.Shape;
import dev.parallax.kernels.cpu.CpuKernels;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The CUDA kernels answer as the CPU's do, within each case's stated tolerance: random input of a
 * new seed in every run (named in the test and its failures, {@code -Dparallax.parity.seed=N}
 * repeats it), poisoned outputs, odd sizes, NaN input.
 */
class KernelParityTest {
  private static final List<Shape> SIZES = List.of(Shape.of(45, 67), Shape.of(97, 130));

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

  static Stream<Arguments> casesAndSizes() {
    Long given = Long.getLong("parallax.parity.seed");
    long seed = given == null ? new Random().nextLong(1_000_000) : given;
    return ParityCases.all().stream()
        .flatMap(test -> SIZES.stream().map(size -> Arguments.of(test, size, seed)));
  }

  @ParameterizedTest(name = "{0} at {1}, seed {2}")
  @MethodSource("casesAndSizes")
  void answersAsTheCpu(ParityCase test, Shape size, long seed) {
    Map<String, float[]> expected = test.run(cpu, size, seed);
    Map<String, float[]> actual = test.run(cuda, size, seed);

    assertThat(actual).containsOnlyKeys(expected.keySet());
    for (String output : expected.keySet()) {
      assertThat(Mismatch.between(test.tolerance(), expected.get(output), actual.get(output)))
          .as("%s of %s at %s, seed %d", output, test, size, seed)
          .isEmpty();
    }
  }
}
