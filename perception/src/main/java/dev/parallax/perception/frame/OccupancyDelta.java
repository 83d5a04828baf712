package dev.parallax.perception.frame;

/**
 * The voxel blocks that one frame changed, each with its whole new content: applying deltas in
 * order, or only the last one for each block, rebuilds the map.
 *
 * @param voxelSizeM edge of a voxel, in the map's unit of length
 * @param blockKeys {@code [n]} packed block coordinates, see {@code VoxelBlockMap.key}
 * @param logOdds {@code [n 512]} one byte per voxel, x fastest then y then z; {@link
 *     Byte#MIN_VALUE} for never observed; an empty row removes the block
 */
public record OccupancyDelta(double voxelSizeM, long[] blockKeys, byte[][] logOdds) {
  public OccupancyDelta {
    if (blockKeys.length != logOdds.length) {
      throw new IllegalArgumentException(
          "%d block keys for %d blocks".formatted(blockKeys.length, logOdds.length));
    }
  }

  public static OccupancyDelta none(double voxelSizeM) {
    return new OccupancyDelta(voxelSizeM, new long[0], new byte[0][]);
  }
}
