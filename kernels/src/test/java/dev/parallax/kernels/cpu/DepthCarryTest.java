package dev.parallax.kernels.cpu;

import static dev.parallax.kernels.cpu.DepthFixture.translation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DeviceBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A camera of 41x31 pixels, focal length 100 px. */
class DepthCarryTest {
  private static final int W = 41;
  private static final int H = 31;
  private static final int CENTRE = 15 * W + 20;

  private final DepthFixture scene = new DepthFixture(H, W, 1, 1);
  private final DeviceBuffer noFlow = scene.filled(scene.grid.shape(), 0, 0);

  @AfterEach
  void close() {
    scene.close();
  }

  private Estimate carry(Estimate from, double[] T_cur_prev, double relativeNoise) {
    return carry(from, noFlow, T_cur_prev, relativeNoise);
  }

  private Estimate carry(
      Estimate from, DeviceBuffer flow, double[] T_cur_prev, double relativeNoise) {
    Estimate to = scene.estimate(77, 77, 77);
    scene.kernels.depth().carry(scene.grid, from, flow, T_cur_prev, relativeNoise, to);
    return to;
  }

  @Test
  void standingStillKeepsEverythingAndAddsTheNoise() {
    Estimate carried = carry(scene.estimate(0.5f, 0.01f, 0.3f), translation(0, 0, 0), 0.1);

    assertThat(scene.read(carried.inverseDepth())).containsOnly(0.5f);
    assertThat(scene.read(carried.motion())).containsOnly(0.3f);
    for (float variance : scene.read(carried.variance())) {
      // 0.01 + (0.1 * 0.5)^2
      assertThat((double) variance).isCloseTo(0.0125, within(1e-7));
    }
  }

  @Test
  void aWallComesNearerAsTheCameraMovesTowardsItAndTheLinesThatOpenAreClosed() {
    // From 4 m to 3.8 m.
    Estimate carried = carry(scene.estimate(0.25f, 0.0004f, 0), translation(0, 0, -0.2), 0);

    float[] rho = scene.read(carried.inverseDepth());
    int open = 0;
    for (float r : rho) {
      if (Float.isNaN(r)) {
        open++;
      } else {
        assertThat((double) r).isCloseTo(1 / 3.8, within(1e-6));
      }
    }
    // A zoom of 5 % opens two columns and two rows: 140 pixels. Only the four where they cross and
    // the eight where they meet the picture's edge may stay open.
    assertThat(open).isLessThanOrEqualTo(12);
    // d rho' / d rho = (z / z')^2.
    assertThat((double) scene.read(carried.variance())[CENTRE])
        .isCloseTo(0.0004 * Math.pow(4 / 3.8, 4), within(1e-7));
  }

  @Test
  void aPointMovesToThePixelThatItProjectsTo() {
    Estimate from = scene.unknown();
    float[] rho = scene.read(from.inverseDepth());
    rho[CENTRE] = 0.5f;
    scene.kernels.upload(rho, from.inverseDepth());
    scene.kernels.upload(DepthFixture.constant(W * H, 0.01f), from.variance());

    // 100 px * 0.1 m / 2 m = 5 px to the right, 100 * -0.06 / 2 = 3 px up.
    float[] carried = scene.read(carry(from, translation(0.1, -0.06, 0), 0.005).inverseDepth());

    for (int i = 0; i < carried.length; i++) {
      if (i == CENTRE - 3 * W + 5) {
        assertThat(carried[i]).isEqualTo(0.5f);
      } else {
        assertThat(carried[i]).isNaN();
      }
    }
  }

  @Test
  void theNearerSurfaceWinsInWhateverOrderTheyArrive() {
    for (int near : new int[] {CENTRE - 10, CENTRE - 2}) {
      int far = near == CENTRE - 10 ? CENTRE - 2 : CENTRE - 10;
      Estimate from = scene.unknown();
      float[] rho = scene.read(from.inverseDepth());
      // With 100 px focal length both land on the centre: 10 px and 2 px.
      rho[near] = near == CENTRE - 10 ? 1f : 0.2f;
      rho[far] = far == CENTRE - 10 ? 1f : 0.2f;
      scene.kernels.upload(rho, from.inverseDepth());
      scene.kernels.upload(DepthFixture.constant(W * H, 1e-4f), from.variance());

      float[] carried = scene.read(carry(from, translation(0.1, 0, 0), 0).inverseDepth());

      assertThat(carried[CENTRE]).isEqualTo(1f);
    }
  }

  @Test
  void whatPassesBehindTheCameraIsForgotten() {
    Estimate carried = carry(scene.estimate(1, 0.01f, 0), translation(0, 0, -2), 0);

    assertThat(scene.read(carried.inverseDepth())).containsOnly(Float.NaN);
  }

  @Test
  void aHoleIsClosedOnlyBetweenPixelsOfOneSurface() {
    Estimate from = scene.estimate(0.5f, 1e-4f, 0);
    float[] rho = scene.read(from.inverseDepth());
    rho[CENTRE] = Float.NaN;
    // A depth edge through another hole: nothing to take the mean of, along either direction.
    int edge = CENTRE + 8;
    rho[edge] = Float.NaN;
    rho[edge + 1] = 2f;
    rho[edge + W] = 2f;
    scene.kernels.upload(rho, from.inverseDepth());

    float[] carried = scene.read(carry(from, translation(0, 0, 0), 0).inverseDepth());

    assertThat(carried[CENTRE]).isEqualTo(0.5f);
    assertThat(carried[edge]).isNaN();
  }

  @Test
  void aMovingPixelFollowsTheFlowWhileTheCameraRests() {
    Estimate from = scene.unknown();
    float[] rho = scene.read(from.inverseDepth());
    rho[CENTRE] = 0.5f;
    scene.kernels.upload(rho, from.inverseDepth());
    scene.kernels.upload(DepthFixture.constant(W * H, 0.01f), from.variance());
    scene.kernels.upload(DepthFixture.constant(W * H, 0.9f), from.motion());

    Estimate carried = carry(from, scene.filled(scene.grid.shape(), 4, 2), translation(0, 0, 0), 0);

    float[] moved = scene.read(carried.inverseDepth());
    assertThat(moved[CENTRE + 2 * W + 4]).isEqualTo(0.5f);
    assertThat(moved[CENTRE]).isNaN();
    assertThat(scene.read(carried.motion())[CENTRE + 2 * W + 4]).isEqualTo(0.9f);
  }

  @Test
  void onACoarserGridPixelsMoveByAsMuchOfTheScene() {
    try (DepthFixture coarse = new DepthFixture(40, 60, 2, 1)) {
      Estimate to = coarse.unknown();
      // A wall at 2 m moved by 4 cm: 2 picture pixels, 1 grid pixel.
      coarse
          .kernels
          .depth()
          .carry(
              coarse.grid,
              coarse.estimate(0.5f, 1e-4f, 0),
              coarse.filled(coarse.grid.shape(), 0, 0),
              translation(0.04, 0, 0),
              0,
              to);

      float[] carried = coarse.read(to.inverseDepth());
      for (int v = 0; v < 20; v++) {
        assertThat(carried[v * 30]).as("uncovered column").isNaN();
        for (int u = 1; u < 30; u++) {
          assertThat(carried[v * 30 + u]).isEqualTo(0.5f);
        }
      }
    }
  }
}
