package dev.parallax.perception.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MapTransformTest {
  private static final double SIZE_M = 0.25;
  private static final int EDGE = VoxelBlockMap.BLOCK_EDGE;

  @Test
  void nothingChangesWhereNothingMoves() {
    VoxelBlockMap map = random(3);
    assertThat(MapTransform.of(map, Se3.identity(), SIZE_M).sameContentAs(map)).isTrue();
  }

  @Test
  void everyVoxelGoesWhereAQuarterTurnAndAWholeStepTakeIt() {
    VoxelBlockMap map = random(4);
    Se3 T_to_from =
        Se3.ofTranslation(3 * SIZE_M, -5 * SIZE_M, SIZE_M)
            .times(Se3.of(new double[] {0, -1, 0, 1, 0, 0, 0, 0, 1}, new double[3]));
    VoxelBlockMap moved = MapTransform.of(map, T_to_from, SIZE_M);
    assertSameAt(map, moved, T_to_from);
    VoxelBlockMap back = MapTransform.of(moved, T_to_from.inverse(), SIZE_M);
    assertThat(back.sameContentAs(map)).isTrue();
  }

  @Test
  void anyTurnFindsForEachVoxelWhatLiesAtItsCentre() {
    VoxelBlockMap map = random(5);
    Se3 T_to_from = Se3.exp(new double[] {1.3, -0.4, 0.2, 0.3, -0.2, 0.9});
    VoxelBlockMap moved = MapTransform.of(map, T_to_from, SIZE_M);
    assertSameAt(moved, map, T_to_from.inverse());
    assertThat(observed(moved)).isCloseTo(observed(map), org.assertj.core.data.Offset.offset(80));
  }

  @Test
  void aThinWallIsNotLostInLargerVoxels() {
    byte[] row = unobserved();
    for (int i = 0; i < row.length; i++) {
      row[i] = i % EDGE == 1 ? VoxelBlockMap.OCCUPIED_LOG_ODDS : VoxelBlockMap.FREE_LOG_ODDS;
    }
    VoxelBlockMap coarse = MapTransform.of(map(0, row), Se3.identity(), 2.5 * SIZE_M);
    assertThat(coarse.logOddsAt(0.1, 0.1, 0.1)).isEqualTo(VoxelBlockMap.OCCUPIED_LOG_ODDS);
    assertThat(coarse.logOddsAt(1, 1, 1)).isEqualTo(VoxelBlockMap.FREE_LOG_ODDS);
  }

  private static void assertSameAt(VoxelBlockMap here, VoxelBlockMap there, Se3 T_there_here) {
    here.forEachBlock(
        (x, y, z, row) -> {
          for (int i = 0; i < row.length; i++) {
            double[] at =
                T_there_here.transform(
                    (x * EDGE + i % EDGE + 0.5) * SIZE_M,
                    (y * EDGE + i / EDGE % EDGE + 0.5) * SIZE_M,
                    (z * EDGE + i / EDGE / EDGE + 0.5) * SIZE_M);
            assertThat(there.logOddsAt(at[0], at[1], at[2])).isEqualTo(row[i]);
          }
        });
  }

  private static int observed(VoxelBlockMap map) {
    int[] count = new int[1];
    map.forEachBlock(
        (x, y, z, row) -> {
          for (byte voxel : row) {
            count[0] += voxel == VoxelBlockMap.UNOBSERVED ? 0 : 1;
          }
        });
    return count[0];
  }

  private static VoxelBlockMap random(int seed) {
    Random random = new Random(seed);
    VoxelBlockMap map = new VoxelBlockMap(SIZE_M);
    for (int block = 0; block < 4; block++) {
      byte[] row = unobserved();
      for (int n = 0; n < 200; n++) {
        row[random.nextInt(row.length)] = (byte) (random.nextInt(100) - 50);
      }
      map.apply(delta(VoxelBlockMap.key(block % 2 - 1, block / 2 - 1, -block), row));
    }
    return map;
  }

  private static VoxelBlockMap map(long key, byte[] row) {
    VoxelBlockMap map = new VoxelBlockMap(SIZE_M);
    map.apply(delta(key, row));
    return map;
  }

  private static OccupancyDelta delta(long key, byte[] row) {
    return new OccupancyDelta(SIZE_M, new long[] {key}, new byte[][] {row});
  }

  private static byte[] unobserved() {
    byte[] row = new byte[VoxelBlockMap.BLOCK_VOXELS];
    Arrays.fill(row, VoxelBlockMap.UNOBSERVED);
    return row;
  }
}
