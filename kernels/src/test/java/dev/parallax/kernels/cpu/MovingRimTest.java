package dev.parallax.kernels.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.MotionKernels;
import dev.parallax.kernels.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A poster that falls before a wall while the camera slides; its flow spreads over the wall. */
class MovingRimTest {
  private static final int HEIGHT = 160;
  private static final int WIDTH = 200;
  private static final int SPREAD_PX = 12;

  private static final float WALL_FLOW_PX = 2;
  private static final float FALL_PX = -3;

  /** Shows the wall's flow at the fixture's focal length of 100 pixels. */
  private static final float WALL_RHO = 0.5f;

  private static final double[] WAY = DepthFixture.translation(0.04, 0, 0);

  private final DepthFixture scene = new DepthFixture(HEIGHT, WIDTH, 2, 1);
  private final CellFlow flow = new CellFlow(scene.grid);
  private final boolean[] moves = new boolean[flow.width * flow.height];
  private final float[] rho = new float[scene.grid.shape().pixels()];

  @AfterEach
  void close() {
    scene.close();
  }

  private static boolean isPoster(int u, int v, int margin) {
    return u >= 60 - margin && u < 140 + margin && v >= 40 - margin && v < 120 + margin;
  }

  /** The wall displaced by the camera's motion, the poster by that and its fall. */
  private byte[] picture(float wallU, float fall, boolean hasTexture) {
    byte[] wall = texture(1, wallU, 0);
    byte[] poster = texture(2, wallU, fall);
    for (int v = 0; v < HEIGHT; v++) {
      for (int u = 0; u < WIDTH; u++) {
        if (isPoster(Math.round(u - wallU), Math.round(v - fall), 0)) {
          wall[v * WIDTH + u] = hasTexture ? poster[v * WIDTH + u] : 30;
        }
      }
    }
    return wall;
  }

  private byte[] texture(int seed, float du, float dv) {
    DeviceBuffer buffer =
        new SmoothTexture(seed)
            .shifted(scene.kernels, scene.scope, Shape.of(HEIGHT, WIDTH), du, dv);
    byte[] values = new byte[buffer.shape().elements()];
    scene.kernels.download(buffer, values);
    return values;
  }

  private void trim(boolean hasTexture) {
    byte[] now = picture(0, 0, hasTexture);
    float[] uv = new float[2 * scene.grid.shape().pixels()];
    Arrays.fill(rho, WALL_RHO);
    for (int i = 0; i < uv.length / 2; i++) {
      int u = 2 * (i % scene.grid.width());
      int v = 2 * (i / scene.grid.width());
      uv[2 * i] = WALL_FLOW_PX / 2;
      uv[2 * i + 1] = isPoster(u, v, SPREAD_PX) ? FALL_PX / 2 : 0;
      if (isPoster(u, v, SPREAD_PX)) {
        rho[i] = Float.NaN; // what moves is not triangulated
      }
    }
    flow.read(uv, now);
    for (int i = 0; i < moves.length; i++) {
      moves[i] = isPoster(pictureU(i), pictureV(i), SPREAD_PX);
    }
    byte[] before = picture(WALL_FLOW_PX, FALL_PX, hasTexture);
    new MovingRim(scene.grid, now, before, flow, WAY, rho).trim(moves);
  }

  private int pictureU(int cell) {
    return cell % flow.width * 2 * MotionKernels.CELL;
  }

  private int pictureV(int cell) {
    return cell / flow.width * 2 * MotionKernels.CELL;
  }

  /** The share of the cells between two margins about the poster that still move. */
  private double movingShare(int from, int to) {
    int moving = 0;
    int all = 0;
    for (int i = 0; i < moves.length; i++) {
      int u = pictureU(i);
      int v = pictureV(i);
      if (isPoster(u, v, to) && !isPoster(u, v, from)) {
        all++;
        moving += moves[i] ? 1 : 0;
      }
    }
    return (double) moving / all;
  }

  @Test
  void theWallAroundThePosterRestsAndThePosterMoves() {
    trim(true);

    assertThat(movingShare(4, SPREAD_PX)).as("rim").isLessThan(0.05);
    assertThat(movingShare(-1000, -4)).as("poster").isGreaterThan(0.97);
  }

  @Test
  void aPosterThatShowsNothingLosesNoMoreThanFlowCanSpread() {
    trim(false);

    assertThat(movingShare(-1000, -8)).as("poster").isEqualTo(1);
  }

  @Test
  void whereNoDepthIsKnownAllStays() {
    Arrays.fill(moves, 0, flow.width * 9, true);
    Arrays.fill(rho, Float.NaN);
    byte[] plain = new byte[WIDTH * HEIGHT];
    flow.read(new float[2 * rho.length], plain);
    boolean[] before = moves.clone();

    new MovingRim(scene.grid, plain, plain, flow, WAY, rho).trim(moves);

    assertThat(moves).isEqualTo(before);
  }
}
