package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.BufferScope;
import dev.parallax.kernels.Shape;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What moves is found on the GPU, too: parity alone would hold where both find nothing. */
class CudaMotionTest {
  private static final Shape SIZE = Shape.of(120, 160);

  @Test
  void aPosterThatFallsMovesAndTheWallDoesNot() throws Exception {
    ShimDriver.load();
    try (CudaDevice device = CudaDevice.open(0);
        CudaKernels kernels = new CudaKernels(device, () -> null);
        BufferScope scope = kernels.openScope()) {
      float[] motion = MotionParity.poster(kernels, scope, SIZE, 2, new Random(1)).get("motion");

      assertThat(share(motion, 28, 22, 24, 16)).as("poster's middle").isGreaterThan(0.9);
      assertThat(share(motion, 0, 0, 80, 10)).as("wall above").isLessThan(0.02);
      assertThat(share(motion, 0, 50, 80, 10)).as("wall below").isLessThan(0.02);
    }
  }

  /** The share of moving points in a part of the grid that begins at (u, v). */
  private static double share(float[] motion, int u, int v, int width, int height) {
    int moving = 0;
    for (int y = v; y < v + height; y++) {
      for (int x = u; x < u + width; x++) {
        moving += motion[y * SIZE.width() / 2 + x] == 1 ? 1 : 0;
      }
    }
    return (double) moving / (width * height);
  }
}
