package dev.parallax.perception.mapping;

import dev.parallax.kernels.VoxelRules;

/**
 * Resolution, reach and memory of an occupancy map.
 *
 * @param voxelSizeM edge of a voxel, in the map's unit of length
 * @param maxRangeM depth along the optical axis beyond which a picture says nothing
 * @param maxBlocks most blocks kept, of 8x8x8 voxels and about 600 bytes each
 * @throws IllegalArgumentException if a value is not positive, or the range is over 512 voxels
 */
public record MapperConfig(double voxelSizeM, double maxRangeM, int maxBlocks) {
  private static final int DEFAULT_MAX_BLOCKS = 200_000;

  public MapperConfig {
    if (maxBlocks < 1) {
      throw new IllegalArgumentException("A map needs at least one block, got " + maxBlocks);
    }
    VoxelRules.standard(voxelSizeM, maxRangeM); // checks both
  }

  /** Rooms: 5 cm voxels up to 5 m, at most about 120 MB. */
  public static MapperConfig forIndoors() {
    return new MapperConfig(0.05, 5, DEFAULT_MAX_BLOCKS);
  }

  /** Streets: 20 cm voxels up to 25 m. */
  public static MapperConfig forOutdoors() {
    return new MapperConfig(0.2, 25, DEFAULT_MAX_BLOCKS);
  }

  public MapperConfig withVoxelSizeM(double newVoxelSizeM) {
    return new MapperConfig(newVoxelSizeM, maxRangeM, maxBlocks);
  }

  public MapperConfig withMaxRangeM(double newMaxRangeM) {
    return new MapperConfig(voxelSizeM, newMaxRangeM, maxBlocks);
  }

  public MapperConfig withMaxBlocks(int newMaxBlocks) {
    return new MapperConfig(voxelSizeM, maxRangeM, newMaxBlocks);
  }

  VoxelRules rules() {
    return VoxelRules.standard(voxelSizeM, maxRangeM);
  }
}
