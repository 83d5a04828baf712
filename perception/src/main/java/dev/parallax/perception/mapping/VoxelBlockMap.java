package dev.parallax.perception.mapping;

import dev.parallax.kernels.VoxelKernels;
import dev.parallax.perception.frame.OccupancyDelta;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Occupancy as hashed blocks of 8x8x8 voxels of log-odds, aligned with odom (x forward, y left, z
 * up). Voxel (i, j, k) covers {@code [i, i+1) x [j, j+1) x [k, k+1)} times the voxel size; block
 * (a, b, c) holds the voxels from (8a, 8b, 8c) on, x fastest then y then z.
 *
 * <p>Anyone who applies an {@link OccupancyMapper}'s deltas in order to an empty map has the same
 * map to the bit. Not thread-safe.
 */
public final class VoxelBlockMap {
  public static final int BLOCK_EDGE = VoxelKernels.BLOCK_EDGE;
  public static final int BLOCK_VOXELS = VoxelKernels.BLOCK_VOXELS;

  /** The content of a voxel that was never observed. */
  public static final byte UNOBSERVED = VoxelKernels.UNOBSERVED;

  /** From here on a voxel is occupied: a probability of 0.77. */
  public static final byte OCCUPIED_LOG_ODDS = 24;

  /** Down to here a voxel is free: a probability of 0.35. */
  public static final byte FREE_LOG_ODDS = -12;

  private static final int COORDINATE_BITS = 21;
  private static final int COORDINATE_LIMIT = 1 << (COORDINATE_BITS - 1);
  private static final long COORDINATE_MASK = (1L << COORDINATE_BITS) - 1;

  private final double voxelSizeM;
  private final BlockTable<byte[]> blocks = new BlockTable<>();

  /** Receives one block. */
  @FunctionalInterface
  public interface BlockVisitor {
    /**
     * @param logOdds {@code [512]} the map's own array: valid during the call, not to be changed
     */
    void visit(int blockX, int blockY, int blockZ, byte[] logOdds);
  }

  /**
   * @param voxelSizeM edge of a voxel, in the map's unit of length
   */
  public VoxelBlockMap(double voxelSizeM) {
    if (!(voxelSizeM > 0) || Double.isInfinite(voxelSizeM)) {
      throw new IllegalArgumentException("Voxel size must be positive, got " + voxelSizeM);
    }
    this.voxelSizeM = voxelSizeM;
  }

  /**
   * Packs block coordinates into 21 signed bits each, z highest.
   *
   * @throws IllegalArgumentException if one is outside -2^20 .. 2^20-1
   */
  public static long key(int bx, int by, int bz) {
    if (!fits(bx) || !fits(by) || !fits(bz)) {
      throw new IllegalArgumentException(
          "Block (%d %d %d) is outside the addressable range of +-%d"
              .formatted(bx, by, bz, COORDINATE_LIMIT));
    }
    return (bz & COORDINATE_MASK) << (2 * COORDINATE_BITS)
        | (by & COORDINATE_MASK) << COORDINATE_BITS
        | (bx & COORDINATE_MASK);
  }

  /** The x coordinate packed into a key. */
  public static int blockX(long key) {
    return coordinate(key, 0);
  }

  /** The y coordinate packed into a key. */
  public static int blockY(long key) {
    return coordinate(key, COORDINATE_BITS);
  }

  /** The z coordinate packed into a key. */
  public static int blockZ(long key) {
    return coordinate(key, 2 * COORDINATE_BITS);
  }

  /** Whether a voxel with this content is taken to be occupied. */
  public static boolean isOccupied(byte logOdds) {
    return logOdds >= OCCUPIED_LOG_ODDS;
  }

  /** Whether a voxel with this content was seen to be free. */
  public static boolean isFree(byte logOdds) {
    return logOdds <= FREE_LOG_ODDS && logOdds != UNOBSERVED;
  }

  public double voxelSizeM() {
    return voxelSizeM;
  }

  /** How many blocks there are. */
  public int size() {
    return blocks.size();
  }

  /** Log-odds of the voxel that holds a point of odom, {@link #UNOBSERVED} where there is none. */
  public byte logOddsAt(double xM, double yM, double zM) {
    int x = voxel(xM);
    int y = voxel(yM);
    int z = voxel(zM);
    byte[] row = blocks.get(key(x >> 3, y >> 3, z >> 3));
    return row == null ? UNOBSERVED : row[((z & 7) * BLOCK_EDGE + (y & 7)) * BLOCK_EDGE + (x & 7)];
  }

  /** Visits every block in ascending order of its key, whatever the map's history. */
  public void forEachBlock(BlockVisitor visitor) {
    for (long key : blocks.sortedKeys()) {
      byte[] row = blocks.get(key);
      if (row != null) {
        visitor.visit(blockX(key), blockY(key), blockZ(key), row);
      }
    }
  }

  /**
   * Brings this map up to date with another.
   *
   * @throws IllegalArgumentException if the delta has another voxel size or a row of another
   *     length; the map is then unchanged
   */
  public void apply(OccupancyDelta delta) {
    if (delta.voxelSizeM() != voxelSizeM) {
      throw new IllegalArgumentException(
          "Delta has voxels of %s m, this map of %s m".formatted(delta.voxelSizeM(), voxelSizeM));
    }
    for (byte[] row : delta.logOdds()) {
      if (row.length != 0 && row.length != BLOCK_VOXELS) {
        throw new IllegalArgumentException(
            "A block has %d voxels, the delta holds a row of %d"
                .formatted(BLOCK_VOXELS, row.length));
      }
    }
    for (int i = 0; i < delta.blockKeys().length; i++) {
      byte[] row = delta.logOdds()[i];
      if (row.length == 0) {
        blocks.remove(delta.blockKeys()[i]);
      } else {
        blocks.put(delta.blockKeys()[i], row.clone());
      }
    }
  }

  /** The whole map as one delta, for a reader that starts late. The arrays are copies. */
  public OccupancyDelta snapshot() {
    long[] keys = blocks.sortedKeys();
    byte[][] rows = new byte[keys.length][];
    for (int i = 0; i < keys.length; i++) {
      byte[] row = blocks.get(keys[i]);
      rows[i] = row == null ? new byte[0] : row.clone();
    }
    return new OccupancyDelta(voxelSizeM, keys, rows);
  }

  /** Whether both maps hold the same blocks with the same content. */
  public boolean sameContentAs(VoxelBlockMap other) {
    long[] keys = blocks.sortedKeys();
    if (voxelSizeM != other.voxelSizeM || !Arrays.equals(keys, other.blocks.sortedKeys())) {
      return false;
    }
    for (long key : keys) {
      if (!Arrays.equals(blocks.get(key), other.blocks.get(key))) {
        return false;
      }
    }
    return true;
  }

  /** The map's own array for a block, or null. */
  byte @Nullable [] row(long key) {
    return blocks.get(key);
  }

  /** Adds a block; the array becomes the map's own. */
  void insert(long key, byte[] row) {
    blocks.put(key, row);
  }

  void remove(long key) {
    blocks.remove(key);
  }

  /** A fresh array of all keys, ascending. */
  long[] sortedKeys() {
    return blocks.sortedKeys();
  }

  private int voxel(double metres) {
    return (int) Math.floor(metres / voxelSizeM);
  }

  private static boolean fits(int coordinate) {
    return coordinate >= -COORDINATE_LIMIT && coordinate < COORDINATE_LIMIT;
  }

  private static int coordinate(long key, int shift) {
    return (int) (key << (64 - COORDINATE_BITS - shift) >> (64 - COORDINATE_BITS));
  }
}
