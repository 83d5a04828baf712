package dev.parallax.kernels;

import org.jspecify.annotations.Nullable;

/**
 * A caller's occupancy map as the voxel kernels see it: blocks of {@link VoxelKernels#BLOCK_VOXELS}
 * log-odds by their coordinates, which are voxel coordinates divided by {@link
 * VoxelKernels#BLOCK_EDGE}, rounded down.
 */
public interface VoxelBlocks {
  /** Receives one block. */
  @FunctionalInterface
  interface Visitor {
    /**
     * @param logOdds {@code [512]} the map's own array
     */
    void visit(int blockX, int blockY, int blockZ, byte[] logOdds);
  }

  /** How many blocks there are. */
  int size();

  /**
   * {@code [512]} a block's own array, which the kernels change in place; null if there is none.
   */
  byte @Nullable [] row(int blockX, int blockY, int blockZ);

  /** Adds a block that was not there; the array becomes the map's own. */
  void insert(int blockX, int blockY, int blockZ, byte[] logOdds);

  /** Visits every block in some order. */
  void forEach(Visitor visitor);
}
