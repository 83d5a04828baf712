package dev.parallax.kernels;

/**
 * Occupancy work over blocks of 8x8x8 voxels, one depth picture at a time. The caller owns the
 * voxels, see {@link VoxelBlocks}. One thread at a time.
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

  /** Begins to keep a map up to date. */
  VoxelIntegrator integrator(VoxelBlocks map);

  /** Ends any helper threads. */
  @Override
  void close();
}
