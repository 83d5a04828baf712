package dev.parallax.perception.mapping;

import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * A map seen from another frame, with voxels of another size where that is wanted. Each new voxel
 * takes the content that lies at its centre; a larger one takes the most occupied of what it holds,
 * so that no thin wall is lost.
 */
public final class MapTransform {
  private static final int EDGE = VoxelBlockMap.BLOCK_EDGE;

  private final VoxelBlockMap from;
  private final Se3 T_from_to;
  private final double voxelSizeM;
  private final int samples;

  private MapTransform(VoxelBlockMap from, Se3 T_from_to, double voxelSizeM) {
    this.from = from;
    this.T_from_to = T_from_to;
    this.voxelSizeM = voxelSizeM;
    samples = (int) Math.max(1, Math.ceil(voxelSizeM / from.voxelSizeM() - 1e-9));
  }

  /**
   * @param T_to_from from the map's frame to the one wanted
   * @param voxelSizeM of the voxels wanted
   */
  public static VoxelBlockMap of(VoxelBlockMap map, Se3 T_to_from, double voxelSizeM) {
    return new MapTransform(map, T_to_from.inverse(), voxelSizeM).apply(T_to_from);
  }

  private VoxelBlockMap apply(Se3 T_to_from) {
    Set<Long> touched = new TreeSet<>();
    from.forEachBlock((x, y, z, row) -> touch(touched, T_to_from, x, y, z));
    long[] keys = touched.stream().mapToLong(Long::longValue).toArray();
    byte[][] rows = Arrays.stream(keys).mapToObj(this::row).toArray(byte[][]::new);
    VoxelBlockMap moved = new VoxelBlockMap(voxelSizeM);
    moved.apply(new OccupancyDelta(voxelSizeM, keys, rows)); // an empty row adds no block
    return moved;
  }

  /** Names every block wanted that one of the old ones may reach into. */
  private void touch(Set<Long> touched, Se3 T_to_from, int x, int y, int z) {
    double edgeM = EDGE * from.voxelSizeM();
    double[] centre = T_to_from.transform((x + 0.5) * edgeM, (y + 0.5) * edgeM, (z + 0.5) * edgeM);
    int[] first = new int[3];
    int[] last = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      double halfM = 0;
      for (int column = 0; column < 3; column++) {
        halfM += Math.abs(T_to_from.r(axis, column)) * edgeM / 2;
      }
      first[axis] = (int) Math.floor((centre[axis] - halfM) / (EDGE * voxelSizeM));
      last[axis] = (int) Math.floor((centre[axis] + halfM) / (EDGE * voxelSizeM));
    }
    for (int bz = first[2]; bz <= last[2]; bz++) {
      for (int by = first[1]; by <= last[1]; by++) {
        for (int bx = first[0]; bx <= last[0]; bx++) {
          touched.add(VoxelBlockMap.key(bx, by, bz));
        }
      }
    }
  }

  /** A block's content; empty where nothing of it was observed. */
  private byte[] row(long key) {
    byte[] row = new byte[VoxelBlockMap.BLOCK_VOXELS];
    boolean observed = false;
    for (int i = 0; i < row.length; i++) {
      row[i] =
          mostOccupied(
              VoxelBlockMap.blockX(key) * EDGE + i % EDGE,
              VoxelBlockMap.blockY(key) * EDGE + i / EDGE % EDGE,
              VoxelBlockMap.blockZ(key) * EDGE + i / (EDGE * EDGE));
      observed |= row[i] != VoxelBlockMap.UNOBSERVED;
    }
    return observed ? row : new byte[0];
  }

  private byte mostOccupied(int x, int y, int z) {
    byte most = VoxelBlockMap.UNOBSERVED; // the least of all
    for (int i = 0; i < samples * samples * samples; i++) {
      double[] at =
          T_from_to.transform(
              sample(x, i % samples),
              sample(y, i / samples % samples),
              sample(z, i / (samples * samples)));
      most = (byte) Math.max(most, from.logOddsAt(at[0], at[1], at[2]));
    }
    return most;
  }

  private double sample(int voxel, int index) {
    return (voxel + (index + 0.5) / samples) * voxelSizeM;
  }
}
