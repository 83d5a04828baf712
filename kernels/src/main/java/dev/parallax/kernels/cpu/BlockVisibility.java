package dev.parallax.kernels.cpu;

import dev.parallax.kernels.VoxelKernels;

/**
 * Decides from the extremes over tiles of the picture what a view says about a whole block, so that
 * blocks behind every surface cost nothing and blocks in plain free space need no projection.
 */
final class BlockVisibility {
  /** The view says nothing about the block: out of sight, or behind every surface. */
  static final int HIDDEN = -1;

  /** Voxels differ, or the block is cut by the picture's edge: ask for each. */
  static final int MIXED = 0;

  /** Rounding of a footprint's centre and edge to whole pixels, and of float against double. */
  private static final int ROUNDING_PX = 2;

  private final VoxelFrame frame;
  private final PixelEvidence evidence;
  private final float halfX;
  private final float halfY;
  private final float halfZ;

  BlockVisibility(VoxelFrame frame, PixelEvidence evidence) {
    this.frame = frame;
    this.evidence = evidence;
    halfX = frame.halfX * VoxelKernels.BLOCK_EDGE;
    halfY = frame.halfY * VoxelKernels.BLOCK_EDGE;
    halfZ = frame.halfZ * VoxelKernels.BLOCK_EDGE;
  }

  /**
   * @return {@link #HIDDEN}, {@link #MIXED}, or the miss that holds for every voxel of the block
   */
  int of(int blockX, int blockY, int blockZ) {
    double edge = frame.blockM();
    double x = (blockX + 0.5) * edge;
    double y = (blockY + 0.5) * edge;
    double z = (blockZ + 0.5) * edge;
    float depth = frame.toCamera(2, x, y, z);
    float firstCentre = depth - halfZ + frame.halfZ;
    float lastCentre = depth + halfZ - frame.halfZ;
    if (lastCentre < frame.nearM || firstCentre >= frame.farM) {
      return HIDDEN;
    }
    float near = Math.max(depth - halfZ, frame.nearM / 2);
    float far = depth + halfZ;
    float across = frame.toCamera(0, x, y, z);
    float down = frame.toCamera(1, x, y, z);
    float left = frame.fx * least(across - halfX, near, far) + frame.cx;
    float right = frame.fx * most(across + halfX, near, far) + frame.cx;
    float top = frame.fy * least(down - halfY, near, far) + frame.cy;
    float bottom = frame.fy * most(down + halfY, near, far) + frame.cy;
    if (right < -1 || bottom < -1 || left > frame.width || top > frame.height) {
      return HIDDEN;
    }
    boolean whole =
        firstCentre > frame.nearM
            && left >= 0
            && top >= 0
            && right <= frame.width - 1
            && bottom <= frame.height - 1;
    int margin =
        ROUNDING_PX
            + Math.min(PixelEvidence.MAX_HALF_WINDOW, (int) (frame.footprintPxM / near + 1));
    return judge(
        tile(left - margin, evidence.tilesX),
        tile(right + margin, evidence.tilesX),
        tile(top - margin, evidence.tilesY),
        tile(bottom + margin, evidence.tilesY),
        firstCentre + frame.halfZ,
        whole ? lastCentre + frame.halfZ : Float.POSITIVE_INFINITY);
  }

  private int judge(int left, int right, int top, int bottom, float firstEnd, float lastEnd) {
    float maxLimit = 0;
    float minLimit = Float.POSITIVE_INFINITY;
    int minMiss = Integer.MAX_VALUE;
    int maxMiss = 0;
    for (int tileY = top; tileY <= bottom; tileY++) {
      for (int tileX = left; tileX <= right; tileX++) {
        int tile = tileY * evidence.tilesX + tileX;
        maxLimit = Math.max(maxLimit, evidence.tileMaxLimitM[tile]);
        minLimit = Math.min(minLimit, evidence.tileMinLimitM[tile]);
        minMiss = Math.min(minMiss, evidence.tileMinMiss[tile]);
        maxMiss = Math.max(maxMiss, evidence.tileMaxMiss[tile]);
      }
    }
    // A thousandth of slack, far above float rounding, keeps whole-block and per-voxel answers
    // equal.
    if (firstEnd * 0.999f >= maxLimit) {
      return HIDDEN;
    }
    boolean uniform = minMiss == maxMiss && maxMiss > 0 && lastEnd * 1.001f < minLimit;
    return uniform ? maxMiss : MIXED;
  }

  /** Smallest value of {@code a / z} for z between near and far. */
  private static float least(float a, float near, float far) {
    return a >= 0 ? a / far : a / near;
  }

  private static float most(float a, float near, float far) {
    return a >= 0 ? a / near : a / far;
  }

  private static int tile(float pixel, int tiles) {
    int index = (int) Math.floor(pixel / PixelEvidence.TILE);
    return Math.max(0, Math.min(tiles - 1, index));
  }
}
