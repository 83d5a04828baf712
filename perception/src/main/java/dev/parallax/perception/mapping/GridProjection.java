package dev.parallax.perception.mapping;

import dev.parallax.perception.frame.OccupancyDelta;
import java.util.Arrays;

/**
 * The 2-D grid that follows an occupancy map: each cell looks at the voxels of its column between
 * the floor and the robot's height. One occupied voxel makes the cell occupied; enough free voxels,
 * and none occupied, make it free; anything else is unknown.
 *
 * <p>Fed with deltas alone, so that a reader far from the map can keep one too. Only the columns
 * that a delta touches are looked at again. Not thread-safe.
 */
public final class GridProjection {
  private static final int EDGE = VoxelBlockMap.BLOCK_EDGE;
  private static final int CELLS = EDGE * EDGE;

  private final double voxelSizeM;
  private final int minVoxelZ;
  private final int maxVoxelZ;
  private final int minFreeVoxels;
  private final BlockTable<Column> columns = new BlockTable<>();

  /**
   * @param voxelSizeM as of the map
   * @param minZM lower end of the band in odom, above the floor's own voxels
   * @param maxZM upper end of the band in odom, the robot's height over the floor
   * @param minFreeShare share of the band's voxels, over 0 to 1, that must be free for the cell to
   *     be free
   * @throws IllegalArgumentException if a value is out of range
   */
  public GridProjection(double voxelSizeM, double minZM, double maxZM, double minFreeShare) {
    if (!(voxelSizeM > 0) || !(maxZM > minZM) || !(minFreeShare > 0 && minFreeShare <= 1)) {
      throw new IllegalArgumentException(
          "Grid of %s m voxels from %s to %s m with a free share of %s is not usable"
              .formatted(voxelSizeM, minZM, maxZM, minFreeShare));
    }
    this.voxelSizeM = voxelSizeM;
    // A voxel belongs to the band if its centre does; a thinner band takes the voxel at its middle.
    int low = (int) Math.ceil(minZM / voxelSizeM - 0.5);
    int high = (int) Math.ceil(maxZM / voxelSizeM - 0.5) - 1;
    int middle = (int) Math.floor((minZM + maxZM) / 2 / voxelSizeM);
    minVoxelZ = high < low ? middle : low;
    maxVoxelZ = Math.max(minVoxelZ, high);
    minFreeVoxels = Math.max(1, (int) Math.ceil(minFreeShare * (maxVoxelZ - minVoxelZ + 1) - 1e-9));
  }

  /**
   * Follows a change of the map.
   *
   * @throws IllegalArgumentException if the delta has another voxel size
   */
  public void apply(OccupancyDelta delta) {
    if (delta.voxelSizeM() != voxelSizeM) {
      throw new IllegalArgumentException(
          "Delta has voxels of %s m, this grid of %s m".formatted(delta.voxelSizeM(), voxelSizeM));
    }
    for (int i = 0; i < delta.blockKeys().length; i++) {
      apply(delta.blockKeys()[i], delta.logOdds()[i]);
    }
  }

  /** The grid over every column that holds a block of the band; 0x0 before there is one. */
  public OccupancyGrid2d grid() {
    long[] keys = columns.sortedKeys();
    if (keys.length == 0) {
      return new OccupancyGrid2d(0, 0, voxelSizeM, 0, 0, new byte[0]);
    }
    int minX = Arrays.stream(keys).mapToInt(VoxelBlockMap::blockX).min().getAsInt();
    int maxX = Arrays.stream(keys).mapToInt(VoxelBlockMap::blockX).max().getAsInt();
    int minY = Arrays.stream(keys).mapToInt(VoxelBlockMap::blockY).min().getAsInt();
    int maxY = Arrays.stream(keys).mapToInt(VoxelBlockMap::blockY).max().getAsInt();
    int width = (maxX - minX + 1) * EDGE;
    int height = (maxY - minY + 1) * EDGE;
    byte[] cells = new byte[width * height];
    Arrays.fill(cells, OccupancyGrid2d.UNKNOWN);
    for (long key : keys) {
      Column column = columns.get(key);
      if (column != null) {
        int x = (VoxelBlockMap.blockX(key) - minX) * EDGE;
        int y = (VoxelBlockMap.blockY(key) - minY) * EDGE;
        column.write(cells, y * width + x, width, minFreeVoxels);
      }
    }
    double blockM = voxelSizeM * EDGE;
    return new OccupancyGrid2d(width, height, voxelSizeM, minX * blockM, minY * blockM, cells);
  }

  private void apply(long blockKey, byte[] row) {
    int firstZ = VoxelBlockMap.blockZ(blockKey) * EDGE;
    int low = Math.max(minVoxelZ - firstZ, 0);
    int high = Math.min(maxVoxelZ - firstZ, EDGE - 1);
    if (low > high) {
      return;
    }
    long columnKey =
        VoxelBlockMap.key(VoxelBlockMap.blockX(blockKey), VoxelBlockMap.blockY(blockKey), 0);
    Column column = columns.get(columnKey);
    if (column == null) {
      if (row.length == 0) {
        return;
      }
      column = new Column();
      columns.put(columnKey, column);
    }
    int z = VoxelBlockMap.blockZ(blockKey);
    column.forget(z);
    if (row.length > 0) {
      column.add(z, Layer.of(row, low, high));
    }
    if (column.isEmpty()) {
      columns.remove(columnKey);
    }
  }

  /**
   * What one block says about its 8x8 cells.
   *
   * @param occupied {@code [8 8]} bit set where a voxel of the band is occupied
   * @param free {@code [8 8]} how many voxels of the band are free
   */
  private record Layer(long occupied, byte[] free) {
    static Layer of(byte[] row, int lowZ, int highZ) {
      long occupied = 0;
      byte[] free = new byte[CELLS];
      for (int z = lowZ; z <= highZ; z++) {
        for (int cell = 0; cell < CELLS; cell++) {
          byte logOdds = row[z * CELLS + cell];
          if (VoxelBlockMap.isOccupied(logOdds)) {
            occupied |= 1L << cell;
          } else if (VoxelBlockMap.isFree(logOdds)) {
            free[cell]++;
          }
        }
      }
      return new Layer(occupied, free);
    }
  }

  /** The layers of one 8x8 column, by block z. */
  private static final class Column {
    private final BlockTable<Layer> layers = new BlockTable<>();
    private final int[] free = new int[CELLS];

    void forget(int blockZ) {
      Layer old = layers.remove(blockZ);
      if (old != null) {
        count(old, -1);
      }
    }

    void add(int blockZ, Layer layer) {
      layers.put(blockZ, layer);
      count(layer, 1);
    }

    boolean isEmpty() {
      return layers.size() == 0;
    }

    void write(byte[] cells, int at, int width, int minFree) {
      long occupied = 0;
      for (long z : layers.sortedKeys()) {
        Layer layer = layers.get(z);
        occupied |= layer == null ? 0 : layer.occupied();
      }
      for (int cell = 0; cell < CELLS; cell++) {
        byte value = free[cell] >= minFree ? OccupancyGrid2d.FREE : OccupancyGrid2d.UNKNOWN;
        boolean isOccupied = (occupied >>> cell & 1) != 0;
        cells[at + cell / EDGE * width + cell % EDGE] =
            isOccupied ? OccupancyGrid2d.OCCUPIED : value;
      }
    }

    private void count(Layer layer, int sign) {
      for (int cell = 0; cell < CELLS; cell++) {
        free[cell] += sign * layer.free()[cell];
      }
    }
  }
}
