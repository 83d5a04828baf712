package dev.parallax.perception.mapping;

import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/** Chooses which blocks to forget once a map has grown beyond its bound. */
final class BlockEviction {
  private static final long[] NONE = new long[0];

  /** A little more than needed is forgotten at once, so that it is not done for every picture. */
  private static final double KEPT_SHARE = 0.95;

  private final int maxBlocks;

  BlockEviction(int maxBlocks) {
    this.maxBlocks = maxBlocks;
  }

  /**
   * The blocks farthest from the camera, ascending by key; of equally far ones the larger key goes.
   */
  long[] choose(VoxelBlockMap map, Se3 T_odom_cam) {
    if (map.size() <= maxBlocks) {
      return NONE;
    }
    double blockM = map.voxelSizeM() * VoxelBlockMap.BLOCK_EDGE;
    long[] keys = map.sortedKeys();
    double[] distance2 = new double[keys.length];
    for (int i = 0; i < keys.length; i++) {
      double dx = (VoxelBlockMap.blockX(keys[i]) + 0.5) * blockM - T_odom_cam.tx();
      double dy = (VoxelBlockMap.blockY(keys[i]) + 0.5) * blockM - T_odom_cam.ty();
      double dz = (VoxelBlockMap.blockZ(keys[i]) + 0.5) * blockM - T_odom_cam.tz();
      distance2[i] = dx * dx + dy * dy + dz * dz;
    }
    int kept = Math.max(1, (int) (KEPT_SHARE * maxBlocks));
    double[] ordered = distance2.clone();
    Arrays.sort(ordered);
    double keptDistance2 = ordered[kept - 1];
    int nearer = 0;
    while (ordered[nearer] < keptDistance2) {
      nearer++;
    }
    int tiesKept = kept - nearer;
    long[] forgotten = new long[keys.length - kept];
    int n = 0;
    for (int i = 0; i < keys.length; i++) {
      boolean tie = distance2[i] == keptDistance2 && tiesKept-- > 0;
      if (distance2[i] >= keptDistance2 && !tie) {
        forgotten[n++] = keys[i];
      }
    }
    return forgotten;
  }
}
