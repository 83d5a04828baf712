package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.VoxelKernels;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Packed depth and the distance field, against plain loops, to the bit. */
class OutputKernelsTest {
  private static GpuFixture gpu;

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

  @Test
  void depthIsPackedInWholeUnitsAndWhatDoesNotFitIsZero() {
    float[] depth = {
      1.2345f,
      0,
      -1,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      65.534f,
      65.535f,
      1e30f,
      0.0004f,
      0.0005f,
      0.0015f
    };
    CudaBuffer packed = gpu.bytes(new byte[2 * depth.length]);
    gpu.stream
        .launch(gpu.kernel("pack_16uc1"))
        .with(gpu.floats(1, depth.length, 1, depth))
        .with(1000.0)
        .with(packed)
        .with(depth.length)
        .over(depth.length);

    byte[] bytes = new byte[2 * depth.length];
    gpu.stream.download(packed, bytes);
    for (int i = 0; i < depth.length; i++) {
      double units = Math.rint(depth[i] * 1000.0);
      int expected = units > 0 && units < 65535 ? (int) units : 0;
      assertThat((bytes[2 * i] & 0xff) | (bytes[2 * i + 1] & 0xff) << 8)
          .as("%s", depth[i])
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"17, 11, 5, 30", "1, 1, 1, 3", "40, 3, 9, 4", "33, 33, 2, 7"})
  void distancesAreThoseToTheNearestOccupiedVoxel(int nx, int ny, int nz, int reach) {
    Random random = new Random(nx + reach);
    byte[] logOdds = new byte[nx * ny * nz];
    for (int i = 0; i < logOdds.length; i++) {
      int kind = random.nextInt(40);
      logOdds[i] = kind == 0 ? 30 : kind < 5 ? VoxelKernels.UNOBSERVED : (byte) -20;
    }
    CudaBuffer out = gpu.floats(ny * nz, nx, 1);
    try (CudaDistanceField field = new CudaDistanceField(gpu.device, gpu.stream)) {
      field.run(gpu.bytes(logOdds), new int[] {nx, ny, nz}, 16, reach, 0.05f, out);
    }

    assertThat(gpu.read(out)).containsExactly(slow(logOdds, nx, ny, nz, reach));
  }

  /** Every pair of voxels. */
  private static float[] slow(byte[] logOdds, int nx, int ny, int nz, int reach) {
    float[] metres = new float[logOdds.length];
    for (int i = 0; i < metres.length; i++) {
      int best = reach * reach;
      for (int j = 0; j < metres.length; j++) {
        if (logOdds[j] >= 16) {
          int dx = i % nx - j % nx;
          int dy = i / nx % ny - j / nx % ny;
          int dz = i / (nx * ny) - j / (nx * ny);
          best = Math.min(best, dx * dx + dy * dy + dz * dz);
        }
      }
      boolean isUnseen = logOdds[i] == VoxelKernels.UNOBSERVED;
      metres[i] = isUnseen ? Float.NaN : 0.05f * (float) Math.sqrt(best);
    }
    assertThat(metres.length).isEqualTo(nx * ny * nz);
    return metres;
  }
}
