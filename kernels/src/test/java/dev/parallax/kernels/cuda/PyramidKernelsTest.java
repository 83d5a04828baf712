package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reduced pictures, to the bit as a plain loop makes them. */
class PyramidKernelsTest {
  private static final int W = 71;
  private static final int H = 43;

  private static GpuFixture gpu;
  private final Random random = new Random();

  @BeforeAll
  static void start() throws Exception {
    gpu = new GpuFixture();
  }

  @AfterAll
  static void stop() {
    if (gpu != null) {
      gpu.close();
    }
  }

  private byte[] grey() {
    byte[] grey = new byte[W * H];
    random.nextBytes(grey);
    return grey;
  }

  private static float mean(byte[] grey, int u, int v, int edge) {
    int sum = 0;
    for (int i = 0; i < edge * edge; i++) {
      sum += grey[(edge * v + i / edge) * W + edge * u + i % edge] & 0xff;
    }
    return sum / (float) (edge * edge);
  }

  @Test
  void aHalfIsTheMeanOfTwoByTwoPixelsOfBytesAndOfLevels() {
    byte[] grey = grey();
    CudaBuffer half = gpu.floats(H / 2, W / 2, 1);
    CudaBuffer quarter = gpu.floats(H / 4, W / 4, 1);
    gpu.stream
        .launch(gpu.kernel("half_of_grey"))
        .with(gpu.bytes(grey))
        .with(W)
        .with(H)
        .with(half)
        .with(W / 2)
        .with(H / 2)
        .overPixels(W / 2, H / 2);
    gpu.stream
        .launch(gpu.kernel("half_of_level"))
        .with(half)
        .with(W / 2)
        .with(H / 2)
        .with(quarter)
        .with(W / 4)
        .with(H / 4)
        .overPixels(W / 4, H / 4);

    float[] halves = gpu.read(half);
    for (int i = 0; i < halves.length; i++) {
      assertThat(halves[i]).isEqualTo(mean(grey, i % (W / 2), i / (W / 2), 2));
    }
    float[] quarters = gpu.read(quarter);
    for (int i = 0; i < quarters.length; i++) {
      // Quarters of bytes are exact in float, so the order of the sums does not show.
      assertThat(quarters[i]).isEqualTo(mean(grey, i % (W / 4), i / (W / 4), 4));
    }
  }
}
