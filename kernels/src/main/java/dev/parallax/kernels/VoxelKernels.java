package dev.parallax.kernels;

/**
 * Occupancy work over blocks of 8x8x8 voxels, one depth picture at a time.
 *
 * <p>The caller owns the voxels; an implementation keeps only what one picture needs. For each
 * picture call {@link #observe}, then read {@link #blockCoordinates}, then call {@link #update}
 * with those blocks. One thread at a time.
 *
 * <p>Log-odds are signed bytes in units of {@link #LOG_ODDS_UNIT}; {@link #UNOBSERVED} marks a
 * voxel that no picture has said anything about. Results depend on the input alone, never on the
 * number of threads.
 */
public interface VoxelKernels extends AutoCloseable {
  /** Voxels along the edge of a block. */
  int BLOCK_EDGE = 8;

  /** Voxels in a block, x fastest then y then z. */
  int BLOCK_VOXELS = BLOCK_EDGE * BLOCK_EDGE * BLOCK_EDGE;

  /** One step of a stored log-odds byte, in natural logarithms of the odds. */
  double LOG_ODDS_UNIT = 1.0 / 20;

  /** The content of a voxel that was never observed. */
  byte UNOBSERVED = Byte.MIN_VALUE;

  /** The label of a pixel that shows the resting world. Any other label gives no evidence. */
  byte STATIC_LABEL = 0;

  /**
   * Takes in one depth picture and finds the blocks that it may change.
   *
   * @param depthM {@code [height width]} metres along the optical axis, NaN unknown, +Inf sky
   * @param stdM {@code [height width]} one standard deviation, metres, NaN where the depth is not
   *     to be used
   * @param labels {@code [height width]} {@link #STATIC_LABEL} or something else
   * @return how many blocks
   * @throws IllegalArgumentException if an array does not have the view's size, or the view reaches
   *     outside the addressable blocks
   */
  int observe(VoxelView view, VoxelRules rules, float[] depthM, float[] stdM, byte[] labels);

  /** The same for a picture that is on the device already. */
  int observe(
      VoxelView view,
      VoxelRules rules,
      DeviceBuffer depthM,
      DeviceBuffer stdM,
      DeviceBuffer labels);

  /**
   * The blocks found by the last {@link #observe}, each once, ordered by z, then y, then x.
   *
   * @param xyz receives {@code [n 3]} block coordinates: voxel coordinates divided by {@link
   *     #BLOCK_EDGE}, rounded down
   */
  void blockCoordinates(int[] xyz);

  /**
   * Brings the blocks found by the last {@link #observe} up to date with its picture. Call once for
   * each picture.
   *
   * @param logOdds {@code [n 512]} the blocks' voxels in the order of {@link #blockCoordinates},
   *     updated in place; rows must be distinct arrays
   * @param changed receives {@code [n]} whether any voxel of the block has a new value
   */
  void update(byte[][] logOdds, boolean[] changed);

  /** Ends any helper threads. */
  @Override
  void close();
}
