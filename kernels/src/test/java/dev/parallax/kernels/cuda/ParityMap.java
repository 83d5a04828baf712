package dev.parallax.kernels.cuda;

import dev.parallax.kernels.VoxelBlocks;
import dev.parallax.kernels.VoxelKernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A map of blocks in the order of their coordinates. */
final class ParityMap implements VoxelBlocks {
  private record At(int x, int y, int z) implements Comparable<At> {
    @Override
    public int compareTo(At other) {
      int byZ = Integer.compare(z, other.z);
      int byY = Integer.compare(y, other.y);
      return byZ != 0 ? byZ : byY != 0 ? byY : Integer.compare(x, other.x);
    }
  }

  private final Map<At, byte[]> blocks = new TreeMap<>();

  @Override
  public int size() {
    return blocks.size();
  }

  @Override
  public byte @Nullable [] row(int blockX, int blockY, int blockZ) {
    return blocks.get(new At(blockX, blockY, blockZ));
  }

  @Override
  public void insert(int blockX, int blockY, int blockZ, byte[] logOdds) {
    if (blocks.put(new At(blockX, blockY, blockZ), logOdds) != null) {
      throw new IllegalStateException("Block inserted twice");
    }
  }

  @Override
  public void forEach(Visitor visitor) {
    blocks.forEach((at, row) -> visitor.visit(at.x(), at.y(), at.z(), row));
  }

  /** Coordinates and voxels of every block. */
  float[] content() {
    float[] all = new float[blocks.size() * (3 + VoxelKernels.BLOCK_VOXELS)];
    int next = 0;
    for (Map.Entry<At, byte[]> block : blocks.entrySet()) {
      all[next++] = block.getKey().x();
      all[next++] = block.getKey().y();
      all[next++] = block.getKey().z();
      for (byte voxel : block.getValue()) {
        all[next++] = voxel;
      }
    }
    return all;
  }

  /**
   * @return {@code [n 3]} where they were
   */
  int[] removeEveryThird() {
    List<At> all = new ArrayList<>(blocks.keySet());
    int[] xyz = new int[3 * ((all.size() + 2) / 3)];
    for (int i = 0; i < all.size(); i += 3) {
      At at = all.get(i);
      blocks.remove(at);
      xyz[i] = at.x();
      xyz[i + 1] = at.y();
      xyz[i + 2] = at.z();
    }
    return xyz;
  }

  /** Half of its own blocks with other voxels, and some that are far away. */
  void replaceBy(Random random) {
    List<At> all = new ArrayList<>(blocks.keySet());
    blocks.clear();
    for (int i = 0; i < all.size(); i += 2) {
      blocks.put(all.get(i), row(random));
    }
    for (int i = 0; i < 40; i++) {
      blocks.put(new At(1000 + i, -1000 - i, (1 << 20) - 1 - i), row(random));
    }
  }

  private static byte[] row(Random random) {
    byte[] row = new byte[VoxelKernels.BLOCK_VOXELS];
    Arrays.fill(row, VoxelKernels.UNOBSERVED);
    for (int i = 0; i < row.length; i += 1 + random.nextInt(3)) {
      row[i] = (byte) (random.nextInt(105) - 48);
    }
    return row;
  }
}
