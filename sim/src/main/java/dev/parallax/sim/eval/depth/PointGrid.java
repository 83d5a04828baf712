package dev.parallax.sim.eval.depth;

import java.util.Arrays;

/**
 * Points hashed into cubes as large as the search radius, so that "is any point this near?" looks
 * into 27 cubes. Exact.
 */
final class PointGrid {
  private final float[] xyz;
  private final double radiusM;
  private final long[] keys;
  private final int[] heads;
  private final int[] next;

  /**
   * @param xyz {@code [n 3]} metres; not copied
   */
  PointGrid(float[] xyz, double radiusM) {
    this.xyz = xyz;
    this.radiusM = radiusM;
    int n = xyz.length / 3;
    int capacity = Integer.highestOneBit(Math.max(8, n)) * 4;
    this.keys = new long[capacity];
    this.heads = new int[capacity];
    this.next = new int[n];
    Arrays.fill(heads, -1);
    for (int i = 0; i < n; i++) {
      int slot = slot(key(cell(xyz[3 * i]), cell(xyz[3 * i + 1]), cell(xyz[3 * i + 2])), true);
      next[i] = heads[slot];
      heads[slot] = i;
    }
  }

  /** Whether a point lies at most the radius away. */
  boolean hasNear(double x, double y, double z) {
    for (int dx = -1; dx <= 1; dx++) {
      for (int dy = -1; dy <= 1; dy++) {
        for (int dz = -1; dz <= 1; dz++) {
          if (anyIn(key(cell(x) + dx, cell(y) + dy, cell(z) + dz), x, y, z)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private boolean anyIn(long key, double x, double y, double z) {
    int slot = slot(key, false);
    for (int i = slot < 0 ? -1 : heads[slot]; i >= 0; i = next[i]) {
      double dx = xyz[3 * i] - x;
      double dy = xyz[3 * i + 1] - y;
      double dz = xyz[3 * i + 2] - z;
      if (dx * dx + dy * dy + dz * dz <= radiusM * radiusM) {
        return true;
      }
    }
    return false;
  }

  private int cell(double metres) {
    return (int) Math.floor(metres / radiusM);
  }

  /** 21 bits an axis: ±100 km at 10 cm. */
  private static long key(int x, int y, int z) {
    long mask = (1 << 21) - 1;
    return (x & mask) << 42 | (y & mask) << 21 | (z & mask);
  }

  /** Linear probing; -1 where the key is absent and may not be made. */
  private int slot(long key, boolean make) {
    long mixed = key * 0x9E3779B97F4A7C15L; // Fibonacci hashing
    int slot = (int) (mixed >>> 32) & (keys.length - 1);
    while (heads[slot] >= 0 && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    if (heads[slot] < 0) {
      if (!make) {
        return -1;
      }
      keys[slot] = key;
    }
    return slot;
  }
}
