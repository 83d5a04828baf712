package dev.parallax.sim.eval.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.sim.eval.odometry.PosePair;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MapMeasuresTest {
  private static final byte OCCUPIED = VoxelBlockMap.OCCUPIED_LOG_ODDS;
  private static final byte FREE = VoxelBlockMap.FREE_LOG_ODDS;

  @Test
  void overlapOfMapsInTwoBlocks() {
    // Voxels along x; 8 is the first of the next block, which the estimate does not have.
    // truth:    1 occupied, 2 occupied, 3 free, 4 free, 8 occupied
    // estimate: 1 occupied, 2 free,     3 free, 5 occupied
    VoxelBlockMap truth = map(new int[] {1, 2, 8}, new int[] {3, 4});
    VoxelBlockMap estimate = map(new int[] {1, 5}, new int[] {2, 3});
    MapOverlap overlap = MapOverlap.of(estimate, truth);
    // occupied: both {1}, either {1 2 5 8}; free: both {3}, either {2 3 4}.
    assertThat(overlap.occupiedIou()).isCloseTo(1.0 / 4, within(1e-12));
    assertThat(overlap.freeIou()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(overlap.occupiedTrue()).isEqualTo(3);
    assertThat(overlap.occupiedEstimate()).isEqualTo(2);
    assertThat(MapOverlap.of(truth, truth).occupiedIou()).isEqualTo(1);
  }

  @Test
  void mapsOfDifferentVoxelsAreRefused() {
    assertThatThrownBy(() -> MapOverlap.of(new VoxelBlockMap(1), new VoxelBlockMap(2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anOccupiedVoxelOnThePathIsFoundBetweenThePoses() {
    // From voxel 0 to voxel 4 in one step: 5 voxels, of which 2 is marked; 7 is not on the path.
    VoxelBlockMap map = map(new int[] {2, 7}, new int[] {1});
    PathClearance clearance =
        PathClearance.of(
            map, List.of(Se3.ofTranslation(.5, .5, .5), Se3.ofTranslation(4.5, .5, .5)));
    assertThat(clearance).isEqualTo(new PathClearance(5, 1));
    assertThat(clearance.share()).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void standingStillIsAPathOfOneVoxel() {
    Se3 here = Se3.ofTranslation(2.5, 0.5, 0.5);
    assertThat(PathClearance.of(map(new int[] {2}, new int[0]), List.of(here, here)))
        .isEqualTo(new PathClearance(1, 1));
  }

  @Test
  void aStraightPathStillFixesTheRoll() {
    // Five cameras on a line, the run's world turned by a quarter about that very line, halved in
    // scale and moved. Positions alone could not tell the turn.
    Se3 T_world_odom = Se3.exp(new double[] {1, 2, 3, Math.PI / 2, 0, 0});
    List<PosePair> pairs =
        IntStream.range(0, 5)
            .mapToObj(
                i -> {
                  Se3 T_odom_cam = Se3.exp(new double[] {i, 0, 0, 0.1 * i, 0, 0});
                  Se3 T_world_cam = T_world_odom.times(T_odom_cam);
                  return new PosePair(i, new Timestamp(i), halved(T_odom_cam), T_world_cam);
                })
            .toList();
    WorldAlignment found = WorldAlignment.of(pairs, 2);
    for (PosePair pair : pairs) {
      Se3 error = found.camera(pair.T_odom_cam()).inverse().times(pair.T_world_cam());
      assertThat(error.log()).containsExactly(new double[6], within(1e-9));
    }
  }

  private static Se3 halved(Se3 pose) {
    return pose.scaledTranslation(0.5);
  }

  /** A map of 1 m voxels with some marked along x, at y = z = 0. */
  private static VoxelBlockMap map(int[] occupied, int[] free) {
    TreeMap<Long, byte[]> blocks = new TreeMap<>();
    mark(blocks, occupied, OCCUPIED);
    mark(blocks, free, FREE);
    VoxelBlockMap map = new VoxelBlockMap(1);
    map.apply(
        new OccupancyDelta(
            1,
            blocks.keySet().stream().mapToLong(Long::longValue).toArray(),
            blocks.values().toArray(new byte[0][])));
    return map;
  }

  private static void mark(TreeMap<Long, byte[]> blocks, int[] xs, byte logOdds) {
    for (int x : xs) {
      byte[] block =
          blocks.computeIfAbsent(
              VoxelBlockMap.key(x / 8, 0, 0),
              key -> {
                byte[] fresh = new byte[VoxelBlockMap.BLOCK_VOXELS];
                Arrays.fill(fresh, VoxelBlockMap.UNOBSERVED);
                return fresh;
              });
      block[x % 8] = logOdds;
    }
  }
}
