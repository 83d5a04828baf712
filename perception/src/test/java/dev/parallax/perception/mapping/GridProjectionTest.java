package dev.parallax.perception.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.perception.frame.OccupancyDelta;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GridProjectionTest {
  private static final double VOXEL = 0.1;
  private static final byte FREE = -20;
  private static final byte OCCUPIED = 40;

  /** The band holds the ten voxels from 0.2 to 1.2 m: six of block 0, four of block 1. */
  private final GridProjection projection = new GridProjection(VOXEL, 0.2, 1.2, 0.5);

  @Test
  void thereIsNoGridBeforeThereIsABlockInTheBand() {
    projection.apply(delta(0, 0, 2, filled(OCCUPIED)));
    assertThat(projection.grid().width()).isZero();
    assertThat(projection.grid().at(0, 0)).isEqualTo(OccupancyGrid2d.UNKNOWN);
  }

  @Test
  void oneOccupiedVoxelOfTheBandOccupiesTheCell() {
    byte[] row = filled(FREE);
    row[index(3, 5, 2)] = OCCUPIED;
    row[index(4, 5, 1)] = OCCUPIED; // the floor
    projection.apply(delta(0, 0, 0, row));
    assertThat(projection.grid().at(0.35, 0.55)).isEqualTo(OccupancyGrid2d.OCCUPIED);
    assertThat(projection.grid().at(0.45, 0.55)).isEqualTo(OccupancyGrid2d.FREE);
  }

  @Test
  void aCellIsFreeOnlyOnceEnoughOfItsHeightIs() {
    byte[] row = filled(VoxelBlockMap.UNOBSERVED);
    for (int z = 2; z < 6; z++) {
      row[index(0, 0, z)] = FREE;
      row[index(1, 0, z)] = FREE;
    }
    row[index(1, 0, 6)] = FREE;
    projection.apply(delta(0, 0, 0, row));
    assertThat(projection.grid().at(0.05, 0.05)).isEqualTo(OccupancyGrid2d.UNKNOWN);
    assertThat(projection.grid().at(0.15, 0.05)).isEqualTo(OccupancyGrid2d.FREE);
    byte[] above = filled(VoxelBlockMap.UNOBSERVED);
    above[index(0, 0, 0)] = FREE;
    projection.apply(delta(0, 0, 1, above));
    assertThat(projection.grid().at(0.05, 0.05)).isEqualTo(OccupancyGrid2d.FREE);
  }

  @Test
  void aNewContentReplacesTheOldAndARemovedBlockIsUnknown() {
    projection.apply(delta(0, 0, 0, filled(OCCUPIED)));
    projection.apply(delta(0, 0, 0, filled(FREE)));
    assertThat(projection.grid().at(0.1, 0.1)).isEqualTo(OccupancyGrid2d.FREE);
    projection.apply(delta(0, 0, 0, new byte[0]));
    assertThat(projection.grid().width()).isZero();
  }

  @Test
  void theGridCoversNegativeCoordinatesWithItsOriginAtTheCorner() {
    projection.apply(delta(-2, 1, 0, filled(FREE)));
    projection.apply(delta(1, -1, 0, filled(OCCUPIED)));
    OccupancyGrid2d grid = projection.grid();
    assertThat(grid.width()).isEqualTo(4 * 8);
    assertThat(grid.height()).isEqualTo(3 * 8);
    assertThat(grid.originXM()).isEqualTo(-2 * 0.8);
    assertThat(grid.originYM()).isEqualTo(-0.8);
    assertThat(grid.at(-1.55, 0.85)).isEqualTo(OccupancyGrid2d.FREE);
    assertThat(grid.at(0.85, -0.05)).isEqualTo(OccupancyGrid2d.OCCUPIED);
    assertThat(grid.at(0.05, 0.05)).isEqualTo(OccupancyGrid2d.UNKNOWN);
  }

  @Test
  void aBandThinnerThanAVoxelTakesTheVoxelAroundIt() {
    GridProjection thin = new GridProjection(VOXEL, 0.31, 0.33, 0.5);
    byte[] row = filled(FREE);
    row[index(0, 0, 3)] = OCCUPIED;
    row[index(1, 0, 4)] = OCCUPIED;
    thin.apply(delta(0, 0, 0, row));
    assertThat(thin.grid().at(0.05, 0.05)).isEqualTo(OccupancyGrid2d.OCCUPIED);
    assertThat(thin.grid().at(0.15, 0.05)).isEqualTo(OccupancyGrid2d.FREE);
  }

  @Test
  void aBandUpsideDownIsRefused() {
    assertThatThrownBy(() -> new GridProjection(VOXEL, 1, 0, 0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("from 1.0 to 0.0 m");
  }

  private static OccupancyDelta delta(int x, int y, int z, byte[] row) {
    return new OccupancyDelta(VOXEL, new long[] {VoxelBlockMap.key(x, y, z)}, new byte[][] {row});
  }

  private static byte[] filled(byte value) {
    byte[] row = new byte[512];
    Arrays.fill(row, value);
    return row;
  }

  private static int index(int x, int y, int z) {
    return (z * 8 + y) * 8 + x;
  }
}
