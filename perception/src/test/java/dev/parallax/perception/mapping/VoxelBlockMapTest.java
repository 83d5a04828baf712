package dev.parallax.perception.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.perception.frame.OccupancyDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VoxelBlockMapTest {
  @Test
  void keysKeepNegativeAndExtremeCoordinates() {
    int[] values = {0, 1, -1, 7, -8, 12345, -54321, (1 << 20) - 1, -(1 << 20)};
    for (int x : values) {
      for (int y : values) {
        for (int z : values) {
          long key = VoxelBlockMap.key(x, y, z);
          assertThat(VoxelBlockMap.blockX(key)).isEqualTo(x);
          assertThat(VoxelBlockMap.blockY(key)).isEqualTo(y);
          assertThat(VoxelBlockMap.blockZ(key)).isEqualTo(z);
        }
      }
    }
  }

  @Test
  void aCoordinateBeyondTheRangeIsRefusedByName() {
    assertThatThrownBy(() -> VoxelBlockMap.key(0, 1 << 20, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(0 1048576 0)");
  }

  @Test
  void aVoxelIsFoundOnBothSidesOfTheOrigin() {
    VoxelBlockMap map = new VoxelBlockMap(1);
    map.apply(delta(VoxelBlockMap.key(-1, 0, -1), 7 + 64 * 7, 30));
    assertThat(map.logOddsAt(-0.01, 0.01, -0.01)).isEqualTo((byte) 30);
    assertThat(map.logOddsAt(0.01, 0.01, -0.01)).isEqualTo(VoxelBlockMap.UNOBSERVED);
    assertThat(map.logOddsAt(-1.01, 0.01, -0.01)).isZero();
  }

  @Test
  void blocksAreVisitedInTheSameOrderWhateverTheHistory() {
    VoxelBlockMap one = new VoxelBlockMap(1);
    VoxelBlockMap two = new VoxelBlockMap(1);
    for (int i = 0; i < 100; i++) {
      one.apply(delta(VoxelBlockMap.key(i - 50, 3, 0), 0, 1));
      two.apply(delta(VoxelBlockMap.key(49 - i, 3, 0), 0, 1));
      two.apply(delta(VoxelBlockMap.key(i, 4, 0), 0, 1));
    }
    for (int i = 0; i < 100; i++) {
      two.apply(removal(VoxelBlockMap.key(i, 4, 0)));
    }
    assertThat(visited(two)).hasSize(100).isEqualTo(visited(one));
    assertThat(two.sameContentAs(one)).isTrue();
    two.apply(delta(VoxelBlockMap.key(5, 3, 0), 0, 2));
    assertThat(two.sameContentAs(one)).isFalse();
  }

  @Test
  void aDeltaOfAnotherShapeIsRefusedAndChangesNothing() {
    VoxelBlockMap map = new VoxelBlockMap(1);
    byte[][] rows = {new byte[512], new byte[100]};
    assertThatThrownBy(() -> map.apply(new OccupancyDelta(1, new long[] {1, 2}, rows)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("512")
        .hasMessageContaining("100");
    assertThatThrownBy(() -> map.apply(OccupancyDelta.none(0.5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.5");
    assertThat(map.size()).isZero();
  }

  @Test
  void theTableBehavesLikeAHashMapUnderRandomUse() {
    BlockTable<Integer> table = new BlockTable<>();
    Map<Long, Integer> expected = new HashMap<>();
    Random random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      // Few distinct keys in a small table: probes run into one another and wrap round its end.
      long key = VoxelBlockMap.key(random.nextInt(40) - 20, random.nextInt(4) - 2, 0);
      if (random.nextInt(3) == 0) {
        assertThat(table.remove(key)).isEqualTo(expected.remove(key));
      } else {
        table.put(key, i);
        expected.put(key, i);
      }
      if (i % 1000 == 0) {
        expected.forEach((k, v) -> assertThat(table.get(k)).isEqualTo(v));
      }
    }
    assertThat(table.size()).isEqualTo(expected.size());
    assertThat(table.sortedKeys())
        .containsExactly(expected.keySet().stream().mapToLong(k -> k).sorted().toArray());
  }

  private static List<Integer> visited(VoxelBlockMap map) {
    List<Integer> order = new ArrayList<>();
    map.forEachBlock((x, y, z, row) -> order.add(x));
    return order;
  }

  private static OccupancyDelta delta(long key, int voxel, int value) {
    byte[] row = new byte[512];
    row[voxel] = (byte) value;
    return new OccupancyDelta(1, new long[] {key}, new byte[][] {row});
  }

  private static OccupancyDelta removal(long key) {
    return new OccupancyDelta(1, new long[] {key}, new byte[][] {new byte[0]});
  }
}
