package dev.parallax.sim.scene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.FlowField;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The room as recorded: pictures and truth must tell the same story. */
class SimulatedSequenceTest {
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;
  private static final SimulationConfig CONFIG =
      SimulationConfig.defaults(3, 700, 20).withSize(WIDTH, HEIGHT);

  /** A frame that sees walkers in front of furniture. */
  private static final int AT = 150;

  private static SimulatedSequence sequence;
  private static SimulatedFrame previous;
  private static SimulatedFrame current;

  @BeforeAll
  static void draw() {
    sequence = SimulatedSequence.of(Scenes.ROOM, CONFIG);
    previous = sequence.frame(AT - 1);
    current = sequence.frame(AT);
  }

  @AfterAll
  static void close() {
    sequence.close();
  }

  @Test
  void flowOfStillThingsFollowsFromDepthAndPoses() {
    PinholeCamera camera = (PinholeCamera) CONFIG.camera();
    Se3 T_prev_cam = previous.T_world_cam().inverse().times(current.T_world_cam());
    double[] uv = new double[2];
    int checked = 0;
    for (int v = 0; v < HEIGHT; v += 3) {
      for (int u = 0; u < WIDTH; u += 3) {
        int at = v * WIDTH + u;
        if (current.movingMask().labels()[at] == MovingMask.MOVING) {
          continue;
        }
        double d = current.depth().depthM()[at];
        double[] p =
            T_prev_cam.transform(
                d * (u - camera.cx()) / camera.fx(), d * (v - camera.cy()) / camera.fy(), d);
        camera.project(p[0], p[1], p[2], uv);
        assertThat((double) current.backwardFlow().uv()[2 * at]).isCloseTo(uv[0] - u, within(0.03));
        assertThat((double) current.backwardFlow().uv()[2 * at + 1])
            .isCloseTo(uv[1] - v, within(0.03));
        checked++;
      }
    }
    assertThat(checked).isGreaterThan(WIDTH * HEIGHT / 9 / 2);
  }

  @Test
  void warpingThePreviousPictureByBackwardFlowGivesThisOneWithinNoise() {
    double[] errors = new double[WIDTH * HEIGHT];
    int count = 0;
    for (int v = 0; v < HEIGHT; v++) {
      for (int u = 0; u < WIDTH; u++) {
        int at = v * WIDTH + u;
        double pu = u + current.backwardFlow().uv()[2 * at];
        double pv = v + current.backwardFlow().uv()[2 * at + 1];
        if (visibleInPrevious(at, pu, pv)) {
          errors[count++] =
              Math.abs(green(previous.frame().picture(), pu, pv) - green(picture(), u, v));
        }
      }
    }
    double[] sorted = Arrays.copyOf(errors, count);
    Arrays.sort(sorted);
    assertThat(count).isGreaterThan(WIDTH * HEIGHT / 2);
    // Two noisy pictures differ by about 2 levels; edges and resampling make up the tail.
    assertThat(sorted[count / 2]).isLessThan(2.5);
    assertThat(sorted[count * 9 / 10]).isLessThan(9);
  }

  @Test
  void withoutTheWarpThePicturesDifferSoTheFlowIsWhatExplainsThem() {
    double still = 0;
    for (int v = 0; v < HEIGHT; v++) {
      for (int u = 0; u < WIDTH; u++) {
        still += Math.abs(green(previous.frame().picture(), u, v) - green(picture(), u, v));
      }
    }
    assertThat(still / (WIDTH * HEIGHT)).isGreaterThan(5);
  }

  @Test
  void forwardFlowLeadsBackWhereThePointStaysVisible() {
    int visible = 0;
    int returned = 0;
    for (int v = 1; v < HEIGHT - 1; v++) {
      for (int u = 1; u < WIDTH - 1; u++) {
        int at = v * WIDTH + u;
        float[] back = current.backwardFlow().uv();
        double pu = u + back[2 * at];
        double pv = v + back[2 * at + 1];
        if (visibleInPrevious(at, pu, pv)) {
          visible++;
          int near = (int) Math.round(pv) * WIDTH + (int) Math.round(pu);
          float[] forth = previous.forwardFlow().uv();
          double du = back[2 * at] + forth[2 * near];
          double dv = back[2 * at + 1] + forth[2 * near + 1];
          returned += Math.hypot(du, dv) < 0.5 ? 1 : 0;
        }
      }
    }
    assertThat(visible).isGreaterThan(WIDTH * HEIGHT / 2);
    assertThat(returned).isGreaterThan((int) (0.98 * visible));
  }

  @Test
  void walkersMoveAndTheirMaskIsWhereTheirVelocityIs() {
    int moving = 0;
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      float[] v = current.sceneFlow().velocityMps();
      double speed = Math.hypot(Math.hypot(v[3 * i], v[3 * i + 1]), v[3 * i + 2]);
      boolean isMoving = current.movingMask().labels()[i] == MovingMask.MOVING;
      assertThat(speed > PointMotion.MOVING_SPEED_MPS).isEqualTo(isMoving);
      assertThat(speed).isLessThan(5);
      moving += isMoving ? 1 : 0;
    }
    assertThat(moving).isGreaterThan(WIDTH * HEIGHT / 100);
  }

  @Test
  void theSameSeedGivesTheSameBytesWhateverTheThreads() {
    try (SimulatedSequence again = SimulatedSequence.of(Scenes.ROOM, CONFIG.withThreads(1))) {
      SimulatedFrame frame = again.frame(AT);
      assertThat(frame.frame().picture().data()).isEqualTo(picture().data());
      assertThat(frame.depth().depthM()).isEqualTo(current.depth().depthM());
      assertThat(frame.backwardFlow().uv()).isEqualTo(current.backwardFlow().uv());
    }
  }

  @Test
  void anotherSeedGivesAnotherPictureOfTheSameGeometry() {
    SimulationConfig other = SimulationConfig.defaults(4, 700, 20).withSize(WIDTH, HEIGHT);
    try (SimulatedSequence sibling = SimulatedSequence.of(Scenes.ROOM, other)) {
      SimulatedFrame frame = sibling.frame(AT);
      assertThat(frame.frame().picture().data()).isNotEqualTo(picture().data());
    }
  }

  @Test
  void groundTruthAnswersForStampsOfPicturesOnly() {
    try (SimulatedGroundTruth truth = new SimulatedGroundTruth(sequence)) {
      assertThat(truth.frameStamps()).hasSize(700).contains(current.frame().stamp());
      assertThat(truth.poses().get(AT).T_world_cam()).isEqualTo(current.T_world_cam());
      assertThat(truth.depth(current.frame().stamp()).depthM()).isEqualTo(current.depth().depthM());
      assertThat(truth.backwardFlow(current.frame().stamp()).uv())
          .isEqualTo(current.backwardFlow().uv());
      assertThat(truth.backwardFlow(sequence.stamp(0))).isNull();
      assertThat(truth.depth(new dev.parallax.perception.frame.Timestamp(17))).isNull();
    }
  }

  @Test
  void theFirstPictureHasNoBackwardFlow() {
    assertThat(sequence.frame(0).backwardFlow().uv()).containsOnly(Float.NaN);
    assertThatThrownBy(() -> sequence.frame(700)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private static Picture picture() {
    return current.frame().picture();
  }

  /** Inside the previous picture, and at the depth that was seen there: nothing hid it. */
  private static boolean visibleInPrevious(int at, double pu, double pv) {
    if (!(pu >= 1 && pv >= 1 && pu < WIDTH - 2 && pv < HEIGHT - 2)) {
      return false;
    }
    FlowField forth = previous.forwardFlow();
    int near = (int) Math.round(pv) * WIDTH + (int) Math.round(pu);
    double du = forth.uv()[2 * near] + current.backwardFlow().uv()[2 * at];
    double ratio = previous.depth().depthM()[near] / current.depth().depthM()[at];
    return Math.abs(ratio - 1) < 0.05 && Math.abs(du) < 5;
  }

  private static double green(Picture picture, double u, double v) {
    int u0 = (int) Math.floor(u);
    int v0 = (int) Math.floor(v);
    double fu = u - u0;
    double fv = v - v0;
    double upper = level(picture, u0, v0) * (1 - fu) + level(picture, u0 + 1, v0) * fu;
    double lower = level(picture, u0, v0 + 1) * (1 - fu) + level(picture, u0 + 1, v0 + 1) * fu;
    return upper * (1 - fv) + lower * fv;
  }

  private static int level(Picture picture, int u, int v) {
    int inside = Math.min(v, HEIGHT - 1) * WIDTH + Math.min(u, WIDTH - 1);
    return picture.data()[3 * inside + 1] & 255;
  }
}
