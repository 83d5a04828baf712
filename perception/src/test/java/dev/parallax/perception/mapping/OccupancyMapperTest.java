package dev.parallax.perception.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.kernels.cpu.CpuVoxelKernels;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OccupancyMapperTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(160, 120, 130, 130, 79.5, 59.5);
  private static final int PIXELS = 160 * 120;
  private static final Se3 AHEAD = BoxScene.pose(0, 0, 0, 0, 0);
  private static final MapperConfig CONFIG = MapperConfig.forIndoors();

  /** The wall's face lies in the middle of the voxels from 2.00 to 2.05 m. */
  private static final BoxScene WALL = new BoxScene().box(2.025, -9, -9, 2.5, 9, 9);

  private final CpuVoxelKernels kernels = new CpuVoxelKernels(1);
  private final OccupancyMapper mapper = new OccupancyMapper(kernels, CONFIG);

  @AfterEach
  void close() {
    kernels.close();
  }

  @Test
  void aWallIsOccupiedWithFreeSpaceBeforeItAndUnknownBehind() {
    integrate(WALL.depth(CAMERA, AHEAD), AHEAD, 2);
    for (double y = -0.8; y <= 0.8; y += 0.05) {
      for (double z = -0.6; z <= 0.6; z += 0.05) {
        assertThat(stateAt(2.025, y, z)).isEqualTo("occupied");
        assertThat(stateAt(1.975, y, z)).isEqualTo("free");
        assertThat(stateAt(2.075, y, z)).isEqualTo("unknown");
        assertThat(stateAt(3, y, z)).isEqualTo("unknown");
      }
    }
    for (double x = 0.3; x < 2; x += 0.05) {
      assertThat(stateAt(x, 0.01, 0.01)).isEqualTo("free");
    }
    assertThat(stateAt(1, 0.9, 0)).as("outside the picture").isEqualTo("unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0, 0",
    "-3.2, 7.1, -1.4, 2.1, 0.3",
    "11.7, -8.3, 2.2, -1.2, -0.4",
    "-6, -6, 0.5, 3.14159, 0"
  })
  void wallsOfARoomAreFoundFromAnyPose(double x, double y, double z, double yaw, double pitch) {
    Se3 pose = BoxScene.pose(x, y, z, yaw, pitch);
    BoxScene room = roomAround(x, y, z);
    integrate(room.depth(CAMERA, pose), pose, 2);
    int[] count = new int[3];
    forEachVoxel(
        (vx, vy, vz, logOdds) -> {
          double wall =
              Math.max(Math.max(Math.abs(vx - x), Math.abs(vy - y)), Math.abs(vz - z)) - 2;
          if (VoxelBlockMap.isOccupied(logOdds)) {
            count[0]++;
            assertThat(Math.abs(wall)).as("occupied, distance to a wall").isLessThan(0.0251);
          } else if (VoxelBlockMap.isFree(logOdds)) {
            count[1]++;
            assertThat(wall).as("free, distance behind a wall").isLessThan(0);
          }
        });
    assertThat(count[0]).as("occupied voxels").isGreaterThan(1000);
    assertThat(count[1]).as("free voxels").isGreaterThan(15_000);
  }

  @Test
  void aMovingPersonLeavesNoTrail() {
    int frames = 12;
    for (int i = 0; i < frames; i++) {
      double y = -0.9 + 0.15 * i;
      BoxScene scene =
          new BoxScene().box(2.025, -9, -9, 2.5, 9, 9).box(1.2, y, -9, 1.4, y + 0.3, 9);
      float[] depthM = scene.depth(CAMERA, AHEAD);
      byte[] labels = new byte[PIXELS];
      for (int p = 0; p < PIXELS; p++) {
        labels[p] = depthM[p] < 1.9 ? MovingMask.MOVING : MovingMask.STATIC;
      }
      mapper.integrate(CAMERA, depthM, std(depthM, 0.01f), labels, AHEAD);
      forEachVoxel(
          (vx, vy, vz, logOdds) -> {
            if (vx < 1.95 && logOdds > 0) {
              throw new AssertionError("Evidence for the person at %s %s".formatted(vx, vy));
            }
          });
    }
    assertThat(stateAt(1.3, 0.1, 0)).as("where the person passed").isEqualTo("free");
    assertThat(stateAt(2.025, 0.1, 0)).as("the wall behind").isEqualTo("occupied");
  }

  @Test
  void pixelsThatMoveOrMayMoveNeitherOccupyNorFree() {
    float[] depthM = WALL.depth(CAMERA, AHEAD);
    for (byte label : new byte[] {MovingMask.MOVING, MovingMask.UNKNOWN}) {
      byte[] labels = new byte[PIXELS];
      Arrays.fill(labels, label);
      OccupancyDelta delta = mapper.integrate(CAMERA, depthM, std(depthM, 0.01f), labels, AHEAD);
      assertThat(delta.blockKeys()).isEmpty();
    }
  }

  @Test
  void aVanishedObjectIsGoneAfterThreeFramesAndFreeAfterSix() {
    BoxScene withBox =
        new BoxScene().box(2.025, -9, -9, 2.5, 9, 9).box(1.2, -0.2, -0.2, 1.4, 0.2, 0.2);
    integrate(withBox.depth(CAMERA, AHEAD), AHEAD, 50);
    assertThat(stateAt(1.21, 0, 0)).isEqualTo("occupied");
    float[] without = WALL.depth(CAMERA, AHEAD);
    integrate(without, AHEAD, 3);
    assertThat(stateAt(1.21, 0, 0)).isNotEqualTo("occupied");
    integrate(without, AHEAD, 3);
    forEachVoxel(
        (x, y, z, logOdds) -> {
          if (x > 0.4 && x < 1.95 && Math.abs(y) < 0.2 && Math.abs(z) < 0.2) {
            assertThat(VoxelBlockMap.isFree(logOdds)).isTrue();
          }
        });
  }

  @Test
  void aThinPostBeforeAFarWallIsKept() {
    BoxScene post = new BoxScene().box(3.5, -9, -9, 4, 9, 9).box(1.02, 0.02, -9, 1.03, 0.032, 9);
    float[] depthM = post.depth(CAMERA, AHEAD);
    integrate(depthM, AHEAD, 10);
    for (double z = -0.3; z < 0.3; z += 0.05) {
      assertThat(stateAt(1.025, 0.025, z)).isEqualTo("occupied");
    }
  }

  @Test
  void raysBesideAThinPostDoNotFreeIt() {
    // The post misses the middle of its voxels, which are 6 pixels wide, and its own pixels give no
    // evidence: what keeps the voxels from being carved is the look at the whole footprint.
    BoxScene post = new BoxScene().box(3.5, -9, -9, 4, 9, 9).box(1.02, 0.002, -9, 1.03, 0.014, 9);
    float[] depthM = post.depth(CAMERA, AHEAD);
    byte[] labels = new byte[PIXELS];
    for (int p = 0; p < PIXELS; p++) {
      labels[p] = depthM[p] < 2 ? MovingMask.UNKNOWN : MovingMask.STATIC;
    }
    mapper.integrate(CAMERA, depthM, std(depthM, 0.001f), labels, AHEAD);
    for (double z = -0.3; z < 0.3; z += 0.05) {
      assertThat(stateAt(1.025, 0.01, z)).isEqualTo("unknown");
      assertThat(stateAt(1.025, 0.11, z)).isEqualTo("free");
      assertThat(stateAt(0.9, 0.01, z)).isEqualTo("free");
    }
  }

  @Test
  void aFlyingPixelAtAnEdgeEntersNowhere() {
    float[] depthM = new float[PIXELS];
    for (int p = 0; p < PIXELS; p++) {
      int u = p % 160;
      depthM[p] = u < 80 ? 1.025f : u == 80 ? 2.025f : 4.025f;
    }
    integrate(depthM, AHEAD, 5);
    forEachVoxel(
        (x, y, z, logOdds) -> {
          if (x > 1.1 && x < 3.9) {
            assertThat(VoxelBlockMap.isOccupied(logOdds)).isFalse();
          }
        });
  }

  @Test
  void unknownDepthDoesNothingAndSkyIsFreeToTheRangesEnd() {
    float[] depthM = new float[PIXELS];
    Arrays.fill(depthM, Float.NaN);
    byte[] labels = new byte[PIXELS];
    assertThat(mapper.integrate(CAMERA, depthM, depthM, labels, AHEAD).blockKeys()).isEmpty();
    float[] sky = new float[PIXELS];
    Arrays.fill(sky, Float.POSITIVE_INFINITY);
    mapper.integrate(CAMERA, sky, depthM, labels, AHEAD);
    assertThat(stateAt(4.9, 0, 0)).isEqualTo("free");
    forEachVoxel(
        (x, y, z, logOdds) -> {
          assertThat(VoxelBlockMap.isOccupied(logOdds)).isFalse();
          assertThat(VoxelBlockMap.isFree(logOdds) && x > 5).isFalse();
        });
  }

  @Test
  void nonsenseDepthDoesNothing() {
    float[] stdM = new float[PIXELS];
    for (float nonsense : new float[] {0, -1, Float.NEGATIVE_INFINITY}) {
      float[] depthM = new float[PIXELS];
      Arrays.fill(depthM, nonsense);
      assertThat(mapper.integrate(CAMERA, depthM, stdM, new byte[PIXELS], AHEAD).blockKeys())
          .isEmpty();
    }
    float[] depthM = WALL.depth(CAMERA, AHEAD);
    for (float nonsense : new float[] {Float.NaN, -1, Float.POSITIVE_INFINITY, 1}) {
      Arrays.fill(stdM, nonsense);
      assertThat(mapper.integrate(CAMERA, depthM, stdM, new byte[PIXELS], AHEAD).blockKeys())
          .isEmpty();
    }
  }

  @Test
  void uncertainDepthNeedsMoreFramesAndCarvesLess() {
    float[] depthM = WALL.depth(CAMERA, AHEAD);
    float[] stdM = std(depthM, 0.08f);
    mapper.integrate(CAMERA, depthM, stdM, new byte[PIXELS], AHEAD);
    assertThat(stateAt(1, 0, 0)).as("half a miss is not enough").isEqualTo("unknown");
    for (int i = 0; i < 20; i++) {
      mapper.integrate(CAMERA, depthM, stdM, new byte[PIXELS], AHEAD);
    }
    assertThat(stateAt(1, 0, 0)).isEqualTo("free");
    assertThat(stateAt(1.925, 0, 0)).as("within a sigma of the wall").isEqualTo("unknown");
    assertThat(stateAt(2.025, 0, 0)).isEqualTo("occupied");
  }

  @Test
  void theRobotsPathStaysFree() {
    BoxScene corridor =
        new BoxScene()
            .box(-9, 1.02, -9, 20, 1.5, 9)
            .box(-9, -1.5, -9, 20, -1.02, 9)
            .box(-9, -9, -0.9, 20, 9, -0.52)
            .box(9, -9, -9, 10, 9, 9);
    Random noise = new Random(3);
    for (int i = 0; i < 30; i++) {
      Se3 pose = BoxScene.pose(0.2 * i, 0.1 * Math.sin(i), 0, 0.2 * Math.sin(0.7 * i), 0);
      float[] depthM = corridor.depth(CAMERA, pose);
      for (int p = 0; p < PIXELS; p++) {
        depthM[p] *= (float) (1 + 0.01 * noise.nextGaussian());
      }
      mapper.integrate(CAMERA, depthM, std(depthM, 0.01f), new byte[PIXELS], pose);
    }
    for (int i = 5; i < 30; i++) {
      assertThat(stateAt(0.2 * i, 0.1 * Math.sin(i), 0)).isEqualTo("free");
    }
    GridProjection projection = new GridProjection(CONFIG.voxelSizeM(), -0.35, 0.3, 0.3);
    projection.apply(mapper.map().snapshot());
    OccupancyGrid2d grid = projection.grid();
    for (int i = 8; i < 30; i++) {
      assertThat(grid.at(0.2 * i, 0)).isEqualTo(OccupancyGrid2d.FREE);
      assertThat(grid.at(0.2 * i, 1.03)).isEqualTo(OccupancyGrid2d.OCCUPIED);
    }
  }

  @ParameterizedTest
  @CsvSource({"200000", "300"})
  void deltasRebuildTheMapToTheBit(int maxBlocks) {
    OccupancyMapper bounded = new OccupancyMapper(kernels, CONFIG.withMaxBlocks(maxBlocks));
    VoxelBlockMap replica = new VoxelBlockMap(CONFIG.voxelSizeM());
    List<OccupancyDelta> deltas = drive(bounded);
    deltas.forEach(replica::apply);
    assertThat(replica.size()).isPositive().isLessThanOrEqualTo(maxBlocks);
    assertThat(replica.sameContentAs(bounded.map())).isTrue();
    VoxelBlockMap late = new VoxelBlockMap(CONFIG.voxelSizeM());
    late.apply(replica.snapshot());
    assertThat(late.sameContentAs(bounded.map())).isTrue();
    assertThat(
            deltas.stream().anyMatch(d -> Arrays.stream(d.logOdds()).anyMatch(r -> r.length == 0)))
        .isEqualTo(maxBlocks == 300);
  }

  @Test
  void theFarthestBlocksAreForgottenFirst() {
    OccupancyMapper bounded = new OccupancyMapper(kernels, CONFIG.withMaxBlocks(300));
    drive(bounded);
    Se3 last = drivePose(19);
    double[] farthest = new double[1];
    bounded
        .map()
        .forEachBlock(
            (bx, by, bz, row) -> {
              double dx = (bx + 0.5) * 0.4 - last.tx();
              double dy = (by + 0.5) * 0.4 - last.ty();
              double dz = (bz + 0.5) * 0.4 - last.tz();
              farthest[0] = Math.max(farthest[0], Math.sqrt(dx * dx + dy * dy + dz * dz));
            });
    // 300 blocks of 0.4 m are a ball of 1.7 m at least; the far end of the frustum is at 5 m.
    assertThat(farthest[0]).isBetween(1.5, 3.5);
  }

  @Test
  void anyNumberOfThreadsGivesTheSameDeltas() {
    List<OccupancyDelta> expected = drive(mapper);
    for (int threads = 2; threads <= 3; threads++) {
      try (CpuVoxelKernels parallel = new CpuVoxelKernels(threads)) {
        List<OccupancyDelta> actual = drive(new OccupancyMapper(parallel, CONFIG));
        for (int i = 0; i < expected.size(); i++) {
          assertThat(actual.get(i).blockKeys()).isEqualTo(expected.get(i).blockKeys());
          assertThat(actual.get(i).logOdds()).isDeepEqualTo(expected.get(i).logOdds());
        }
      }
    }
  }

  @Test
  void aStillCameraSoonHasNothingMoreToSay() {
    float[] depthM = WALL.depth(CAMERA, AHEAD);
    integrate(depthM, AHEAD, 10);
    OccupancyDelta delta =
        mapper.integrate(CAMERA, depthM, std(depthM, 0.01f), new byte[PIXELS], AHEAD);
    assertThat(delta.blockKeys()).isEmpty();
  }

  @Test
  void badInputIsNamedAndLeavesTheMapAlone() {
    float[] depthM = WALL.depth(CAMERA, AHEAD);
    byte[] labels = new byte[PIXELS];
    assertThatThrownBy(() -> mapper.integrate(CAMERA, new float[5], depthM, labels, AHEAD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("160x120")
        .hasMessageContaining("5 depths");
    Se3 broken = Se3.ofTranslation(Double.NaN, 0, 0);
    assertThatThrownBy(() -> mapper.integrate(CAMERA, depthM, depthM, labels, broken))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not finite");
    Se3 far = Se3.ofTranslation(1e6, 0, 0);
    assertThatThrownBy(() -> mapper.integrate(CAMERA, depthM, depthM, labels, far))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reset the odometry");
    assertThat(mapper.map().size()).isZero();
  }

  private static Se3 drivePose(int frame) {
    return BoxScene.pose(0.3 * frame - 3, -0.2 * frame, 0.1, 0.25 * frame, 0.1 * Math.sin(frame));
  }

  /** Twenty noisy frames on a curve through a large room. */
  private static List<OccupancyDelta> drive(OccupancyMapper mapper) {
    BoxScene room = new BoxScene().box(-1, 1, -9, 0, 2, 9).box(1, -4, -9, 2, -3, 0.2);
    room.box(-20, -20, -3, 20, 20, -1);
    Random noise = new Random(11);
    List<OccupancyDelta> deltas = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      float[] depthM = room.depth(CAMERA, drivePose(i));
      byte[] labels = new byte[PIXELS];
      for (int p = 0; p < PIXELS; p++) {
        depthM[p] *= (float) (1 + 0.01 * noise.nextGaussian());
        depthM[p] = noise.nextInt(10) == 0 ? Float.NaN : depthM[p];
        labels[p] = noise.nextInt(50) == 0 ? MovingMask.UNKNOWN : MovingMask.STATIC;
      }
      deltas.add(mapper.integrate(CAMERA, depthM, std(depthM, 0.02f), labels, drivePose(i)));
    }
    return deltas;
  }

  /** Six walls, each 2 m from the point along its axis. */
  private static BoxScene roomAround(double x, double y, double z) {
    BoxScene room = new BoxScene();
    double[] centre = {x, y, z};
    for (int axis = 0; axis < 3; axis++) {
      for (int side = -1; side <= 1; side += 2) {
        double[] low = {x - 3, y - 3, z - 3};
        double[] high = {x + 3, y + 3, z + 3};
        low[axis] = centre[axis] + (side > 0 ? 2 : -3);
        high[axis] = centre[axis] + (side > 0 ? 3 : -2);
        room.box(low[0], low[1], low[2], high[0], high[1], high[2]);
      }
    }
    return room;
  }

  private void integrate(float[] depthM, Se3 pose, int times) {
    for (int i = 0; i < times; i++) {
      mapper.integrate(CAMERA, depthM, std(depthM, 0.001f), new byte[PIXELS], pose);
    }
  }

  private static float[] std(float[] depthM, float relative) {
    float[] stdM = new float[depthM.length];
    for (int i = 0; i < stdM.length; i++) {
      stdM[i] = relative * depthM[i];
    }
    return stdM;
  }

  private String stateAt(double x, double y, double z) {
    byte logOdds = mapper.map().logOddsAt(x, y, z);
    boolean free = VoxelBlockMap.isFree(logOdds);
    return VoxelBlockMap.isOccupied(logOdds) ? "occupied" : free ? "free" : "unknown";
  }

  private interface VoxelVisitor {
    void visit(double centreX, double centreY, double centreZ, byte logOdds);
  }

  private void forEachVoxel(VoxelVisitor visitor) {
    double size = CONFIG.voxelSizeM();
    mapper
        .map()
        .forEachBlock(
            (bx, by, bz, row) -> {
              for (int i = 0; i < row.length; i++) {
                visitor.visit(
                    (bx * 8 + i % 8 + 0.5) * size,
                    (by * 8 + i / 8 % 8 + 0.5) * size,
                    (bz * 8 + i / 64 + 0.5) * size,
                    row[i]);
              }
            });
  }
}
