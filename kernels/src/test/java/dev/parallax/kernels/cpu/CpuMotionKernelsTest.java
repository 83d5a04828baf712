package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.DepthKernels.Estimate;
import dev.parallax.kernels.DepthKernels.MeasurementRules;
import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.MotionKernels.Belief;
import dev.parallax.kernels.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A camera of focal length 100 px goes 0.04 to the right before a wall at distance 2, so that the
 * wall moves 2 px to the left a frame; in the middle a poster may move by itself.
 */
class CpuMotionKernelsTest {
  private static final int HEIGHT = 120;
  private static final int WIDTH = 160;
  private static final double WAY = 0.04;
  private static final double WALL_FLOW_PX = 2;
  private static final float WALL = 0.5f;
  private static final int FRAMES = 6;

  private final DepthFixture scene = new DepthFixture(HEIGHT, WIDTH, 2, 1);
  private final Shape picture = Shape.of(HEIGHT, WIDTH);

  @AfterEach
  void close() {
    scene.close();
  }

  private static boolean isPoster(int u, int v) {
    return u >= 50 && u < 110 && v >= 30 && v < 90;
  }

  /** The wall, and the poster displaced by (du, dv) from where it hangs. */
  private DeviceBuffer picture(double wallDu, double du, double dv) {
    byte[] wall =
        bytes(new SmoothTexture(1).shifted(scene.kernels, scene.scope, picture, wallDu, 0));
    byte[] poster =
        bytes(new SmoothTexture(2).shifted(scene.kernels, scene.scope, picture, du, dv));
    for (int v = 0; v < HEIGHT; v++) {
      for (int u = 0; u < WIDTH; u++) {
        if (isPoster((int) Math.round(u - du), (int) Math.round(v - dv))) {
          wall[v * WIDTH + u] = poster[v * WIDTH + u];
        }
      }
    }
    DeviceBuffer buffer = scene.scope.u8(picture);
    scene.kernels.upload(wall, buffer);
    return buffer;
  }

  private byte[] bytes(DeviceBuffer buffer) {
    byte[] values = new byte[buffer.shape().elements()];
    scene.kernels.download(buffer, values);
    return values;
  }

  /**
   * Flow to the previous picture, grid pixels: that of the wall, and another where the poster hangs
   * now.
   */
  private DeviceBuffer flow(double posterU, double posterV) {
    Shape grid = scene.grid.shape();
    float[] uv = new float[2 * grid.pixels()];
    for (int i = 0; i < grid.pixels(); i++) {
      boolean poster = isPoster(2 * (i % grid.width()), 2 * (i / grid.width()));
      uv[2 * i] = (float) (poster ? posterU : WALL_FLOW_PX) / 2;
      uv[2 * i + 1] = (float) (poster ? posterV : 0) / 2;
    }
    return scene.buffer(grid.withChannels(2), uv);
  }

  /** The share of the poster's and of the wall's points that are called moving in the end. */
  private double[] movingShares(
      DeviceBuffer now, DeviceBuffer before, DeviceBuffer flow, float rho) {
    Shape cells = MotionKernels.cells(scene.grid);
    Belief[] beliefs = {belief(cells), belief(cells)};
    Estimate estimate = scene.estimate(rho, 1e-4f, 0);
    MotionKernels kernels = scene.kernels.motion();
    kernels.clear(beliefs[0]);
    for (int k = 0; k < FRAMES; k++) {
      kernels.judge(
          scene.grid,
          now,
          before,
          flow,
          scene.filled(scene.grid.shape(), 0),
          scene.filled(scene.grid.shape(), 0.1f, 0, 0.1f),
          DepthFixture.translation(WAY, 0, 0),
          new MeasurementRules(0.3, 1.5, 9),
          estimate,
          beliefs[k % 2],
          beliefs[1 - k % 2]);
    }
    return shares(scene.read(estimate.motion()));
  }

  private Belief belief(Shape cells) {
    return new Belief(scene.filled(cells, 9, 9, 9, 9, 9, 9), scene.filled(cells, 9));
  }

  private double[] shares(float[] motion) {
    int[] moving = new int[2];
    int[] all = new int[2];
    int w = scene.grid.width();
    for (int i = 0; i < motion.length; i++) {
      int u = 2 * (i % w);
      int v = 2 * (i / w);
      boolean inner = u >= 60 && u < 100 && v >= 40 && v < 80;
      boolean outer = u < 34 || u >= 126 || v < 14 || v >= 106;
      if (inner || outer) {
        all[inner ? 0 : 1]++;
        moving[inner ? 0 : 1] += motion[i] > 0.5f ? 1 : 0;
      }
    }
    return new double[] {moving[0] / (double) all[0], moving[1] / (double) all[1]};
  }

  @Test
  void aPosterThatFallsMovesAndTheWallDoesNot() {
    double[] shares =
        movingShares(
            picture(0, 0, 0),
            picture(WALL_FLOW_PX, WALL_FLOW_PX, -3),
            flow(WALL_FLOW_PX, -3),
            WALL);

    assertThat(shares[0]).isGreaterThan(0.9);
    assertThat(shares[1]).isLessThan(0.02);
  }

  @Test
  void pixelsWithoutFlowSpoilNoOthers() {
    DeviceBuffer flow = flow(WALL_FLOW_PX, -3);
    float[] uv = scene.read(flow);
    uv[0] = Float.NaN;
    uv[uv.length - 1] = Float.POSITIVE_INFINITY;
    double[] shares =
        movingShares(
            picture(0, 0, 0),
            picture(WALL_FLOW_PX, WALL_FLOW_PX, -3),
            scene.buffer(flow.shape(), uv),
            WALL);

    assertThat(shares[0]).isGreaterThan(0.9);
    assertThat(shares[1]).isLessThan(0.02);
  }

  @Test
  void nothingMovesWhereAllIsAsAWallShows() {
    double[] shares =
        movingShares(
            picture(0, 0, 0), picture(WALL_FLOW_PX, WALL_FLOW_PX, 0), flow(WALL_FLOW_PX, 0), WALL);

    assertThat(shares[0]).isZero();
    assertThat(shares[1]).isZero();
  }

  @Test
  void flowThatThePicturesDoNotConfirmIsNoMotion() {
    double[] shares =
        movingShares(
            picture(0, 0, 0), picture(WALL_FLOW_PX, WALL_FLOW_PX, 0), flow(WALL_FLOW_PX, -3), WALL);

    assertThat(shares[0]).isZero();
  }

  @Test
  void alongTheEpipolarLineAnUnknownDepthExplainsAnyFlowButOneFromBehind() {
    double nearer = WALL_FLOW_PX + 3;
    double[] explained =
        movingShares(
            picture(0, 0, 0), picture(WALL_FLOW_PX, nearer, 0), flow(nearer, 0), Float.NaN);
    double[] behind =
        movingShares(picture(0, 0, 0), picture(WALL_FLOW_PX, -4, 0), flow(-4, 0), Float.NaN);

    assertThat(explained[0]).isZero();
    assertThat(behind[0]).isGreaterThan(0.9);
  }

  @Test
  void aClearedBeliefHoldsNothing() {
    Belief belief = belief(MotionKernels.cells(scene.grid));

    scene.kernels.motion().clear(belief);

    assertThat(scene.read(belief.votes())).containsOnly(0);
    assertThat(scene.read(belief.evidence())).containsOnly(0);
  }
}
