package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sums for the pose against plain loops. Tolerance 1e-12 of the sum of magnitudes: double sums in
 * another order.
 */
class PoseSumsTest {
  private static final double TOLERANCE = 1e-12;

  private static GpuFixture gpu;
  private static CudaPoseSums sums;
  private final Random random = new Random(11);

  @BeforeAll
  static void start() throws Exception {
    gpu = new GpuFixture();
    sums = new CudaPoseSums(gpu.device, gpu.stream);
  }

  @AfterAll
  static void stop() {
    if (gpu != null) {
      gpu.close();
    }
  }

  private float[] values(int n, double low, double high, int oneNanIn) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      boolean isNan = oneNanIn > 0 && random.nextInt(oneNanIn) == 0;
      values[i] = isNan ? Float.NaN : (float) (low + (high - low) * random.nextDouble());
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 31, 1000, 70001})
  void momentsOfTheRigidFitAreThoseOfALoop(int n) {
    float[] p = values(3 * n, 3, 5, n > 1 ? 50 : 0);
    float[] q = values(3 * n, -9, -8, 0);
    float[] w = values(n, 0.1, 1, n > 1 ? 20 : 0);
    double[] actual =
        sums.rigidMoments(
            gpu.floats(1, n, 3, p), gpu.floats(1, n, 3, q), gpu.floats(1, n, 1, w), n);

    double[] expected = new double[18];
    double[] magnitude = new double[18];
    double[] mean = new double[6];
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < n; i++) {
        boolean counts = w[i] > 0;
        for (int k = 0; k < 3; k++) {
          counts &= !Float.isNaN(p[3 * i + k]);
        }
        if (!counts) {
          continue;
        }
        if (pass == 0) {
          add(expected, magnitude, 0, w[i]);
          for (int k = 0; k < 3; k++) {
            mean[k] += (double) w[i] * p[3 * i + k];
            mean[3 + k] += (double) w[i] * q[3 * i + k];
          }
          continue;
        }
        double pp = 0;
        double qq = 0;
        for (int r = 0; r < 3; r++) {
          double b = q[3 * i + r] - mean[3 + r];
          qq += b * b;
          pp += Math.pow(p[3 * i + r] - mean[r], 2);
          for (int c = 0; c < 3; c++) {
            add(expected, magnitude, 7 + 3 * r + c, w[i] * b * (p[3 * i + c] - mean[c]));
          }
        }
        add(expected, magnitude, 16, w[i] * pp);
        add(expected, magnitude, 17, w[i] * qq);
      }
      for (int k = 0; k < 6 && pass == 0; k++) {
        mean[k] /= expected[0];
        expected[1 + k] = mean[k];
        magnitude[1 + k] = 10;
      }
    }
    for (int k = 0; k < 18; k++) {
      assertThat(actual[k])
          .as("moment %d of %d points", k, n)
          .isCloseTo(expected[k], within(TOLERANCE * magnitude[k] + 1e-15));
    }
  }

  private static void add(double[] sum, double[] magnitude, int k, double value) {
    sum[k] += value;
    magnitude[k] += Math.abs(value);
  }

  @Test
  void aGaussNewtonStepFindsThePoseThatMadeTheObservations() {
    int n = 3000;
    double[] camera = {500, 510, 320, 240};
    double[] truth = {0.02, -0.01, 0.03};
    float[] rays = values(2 * n, -0.5, 0.5, 0);
    float[] rho = values(n, 0.1, 0.5, 0);
    float[] seen = new float[2 * n];
    for (int i = 0; i < n; i++) {
      double z = 1 + rho[i] * truth[2];
      seen[2 * i] = (float) (camera[0] * (rays[2 * i] + rho[i] * truth[0]) / z + camera[2]);
      seen[2 * i + 1] = (float) (camera[1] * (rays[2 * i + 1] + rho[i] * truth[1]) / z + camera[3]);
    }
    float[] w = values(n, 0.2, 1, 0);
    seen[20] = Float.NaN;
    rho[77] = Float.NaN;
    w[5] = 0;
    double[] pose = {
      1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, camera[0], camera[1], camera[2], camera[3]
    };
    for (int step = 0; step < 3; step++) {
      double[] equations = equations(rays, rho, seen, w, pose, 20);
      assertThat(equations[28]).isEqualTo(n - 3);
      double[] x = solve(equations);
      for (int k = 0; k < 3; k++) {
        pose[4 * k + 3] -= x[k];
        assertThat(x[3 + k]).as("rotation").isCloseTo(0, within(2e-3));
      }
    }
    assertThat(new double[] {pose[3], pose[7], pose[11]}).containsExactly(truth, within(1e-4));
  }

  @Test
  void theSamePointsGiveTheSameSumsToTheBit() {
    int n = 20011;
    float[] rays = values(2 * n, -0.5, 0.5, 100);
    float[] rho = values(n, 0.1, 0.5, 100);
    float[] seen = values(2 * n, 0, 500, 100);
    float[] w = values(n, 0, 1, 100);
    double[] pose = {1, 0, 0, 0.1, 0, 1, 0, 0, 0, 0, 1, 0, 400, 400, 250, 250};

    assertThat(equations(rays, rho, seen, w, pose, 5))
        .containsExactly(equations(rays, rho, seen, w, pose, 5));
  }

  private static double[] equations(
      float[] rays, float[] rho, float[] seen, float[] w, double[] pose, double scalePx) {
    int n = rho.length;
    return sums.equations(
        gpu.floats(1, n, 2, rays),
        gpu.floats(1, n, 1, rho),
        gpu.floats(1, n, 2, seen),
        gpu.floats(1, n, 1, w),
        n,
        pose,
        scalePx);
  }

  /** Solves the six equations by elimination. */
  private static double[] solve(double[] sums) {
    double[][] a = new double[6][7];
    int k = 0;
    for (int r = 0; r < 6; r++) {
      for (int c = r; c < 6; c++) {
        a[r][c] = sums[k];
        a[c][r] = sums[k++];
      }
      a[r][6] = sums[21 + r];
    }
    for (int i = 0; i < 6; i++) {
      for (int r = 0; r < 6; r++) {
        double factor = r == i ? 0 : a[r][i] / a[i][i];
        for (int c = i; c < 7; c++) {
          a[r][c] -= factor * a[i][c];
        }
      }
    }
    double[] x = new double[6];
    for (int i = 0; i < 6; i++) {
      x[i] = a[i][6] / a[i][i];
    }
    return x;
  }

  @Test
  void pointsAreLiftedAlongTheirRays() {
    float[] rho = {0.5f, Float.NaN, 0, 2, -1, 0.25f};
    CudaBuffer points = gpu.floats(2, 3, 3);
    gpu.stream
        .launch(gpu.kernel("lift_points"))
        .with(gpu.floats(2, 3, 1, rho))
        .with(gpu.floats(1, 3, 1, -0.5f, 0, 0.5f))
        .with(gpu.floats(1, 2, 1, -0.25f, 0.25f))
        .with(points)
        .with(3)
        .with(2)
        .overPixels(3, 2);

    float nan = Float.NaN;
    assertThat(gpu.read(points))
        .containsExactly(
            -1, -0.5f, 2, nan, nan, nan, nan, nan, nan, -0.25f, 0.125f, 0.5f, nan, nan, nan, 2, 1,
            4);
  }
}
