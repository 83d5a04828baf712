package dev.parallax.kernels.cpu;

import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.VoxelRules;

/** Applies one view's evidence to the voxels of a block. Shared by threads, holds no state. */
final class BlockUpdate {
  static final int NO_HITS = -1;

  private static final int EDGE = VoxelKernels.BLOCK_EDGE;

  private final VoxelFrame frame;
  private final PixelEvidence evidence;
  private final int min;
  private final int max;

  /** Change of (fx x, fy y, z) in the camera for one voxel along each axis of odom. */
  private final float[] stepX = new float[3];

  private final float[] stepY = new float[3];
  private final float[] stepZ = new float[3];

  BlockUpdate(VoxelFrame frame, VoxelRules rules, PixelEvidence evidence) {
    this.frame = frame;
    this.evidence = evidence;
    min = rules.min();
    max = rules.max();
    for (int axis = 0; axis < 3; axis++) {
      stepX[axis] = frame.fx * frame.step(0, axis);
      stepY[axis] = frame.fy * frame.step(1, axis);
      stepZ[axis] = frame.step(2, axis);
    }
  }

  /** Takes {@code miss} from every voxel. */
  boolean carveAll(byte[] voxels, int miss) {
    boolean changed = false;
    for (int i = 0; i < voxels.length; i++) {
      byte old = voxels[i];
      byte updated = carved(old, miss);
      voxels[i] = updated;
      changed |= updated != old;
    }
    return changed;
  }

  /**
   * Adds the hits only.
   *
   * @param hits {@code [.. 512]} log-odds to add
   * @param at where the block's hits start
   */
  boolean addHits(byte[] voxels, byte[] hits, int at) {
    boolean changed = false;
    for (int i = 0; i < voxels.length; i++) {
      if (hits[at + i] > 0) {
        byte old = voxels[i];
        voxels[i] = raised(old, hits[at + i]);
        changed |= voxels[i] != old;
      }
    }
    return changed;
  }

  /**
   * Looks each voxel up in the picture. A voxel that holds a surface is raised; any other is carved
   * where everything within its footprint lies behind it.
   *
   * @param at where the block's hits start, or {@link #NO_HITS}
   */
  boolean carveEach(byte[] voxels, int blockX, int blockY, int blockZ, byte[] hits, int at) {
    double firstX = (blockX * (double) EDGE + 0.5) * frame.voxelM;
    double firstY = (blockY * (double) EDGE + 0.5) * frame.voxelM;
    double firstZ = (blockZ * (double) EDGE + 0.5) * frame.voxelM;
    float x0 = frame.fx * frame.toCamera(0, firstX, firstY, firstZ);
    float y0 = frame.fy * frame.toCamera(1, firstX, firstY, firstZ);
    float z0 = frame.toCamera(2, firstX, firstY, firstZ);
    boolean changed = false;
    for (int row = 0; row < EDGE * EDGE; row++) {
      int j = row % EDGE;
      int k = row / EDGE;
      float x = x0 + j * stepX[1] + k * stepX[2];
      float y = y0 + j * stepY[1] + k * stepY[2];
      float z = z0 + j * stepZ[1] + k * stepZ[2];
      changed |= carveRow(voxels, row * EDGE, x, y, z, hits, at);
    }
    return changed;
  }

  private boolean carveRow(
      byte[] voxels, int first, float x, float y, float z, byte[] hits, int at) {
    boolean changed = false;
    for (int i = 0; i < EDGE; i++) {
      int voxel = first + i;
      byte old = voxels[voxel];
      int hit = at == NO_HITS ? 0 : hits[at + voxel];
      byte updated = old;
      if (hit > 0) {
        updated = raised(old, hit);
      } else if (old != min) {
        int miss = missAt(x + i * stepX[0], y + i * stepY[0], z + i * stepZ[0]);
        updated = miss > 0 ? carved(old, miss) : old;
      }
      voxels[voxel] = updated;
      changed |= updated != old;
    }
    return changed;
  }

  /** How much to take from the voxel centred at (fx x, fy y, z); 0 unless it is seen through. */
  private int missAt(float x, float y, float z) {
    if (!(z >= frame.nearM)) {
      return 0;
    }
    float perDepth = 1 / z;
    float u = x * perDepth + frame.cx + 0.5f;
    float v = y * perDepth + frame.cy + 0.5f;
    if (!(u >= 0 && v >= 0 && u < frame.width && v < frame.height)) {
      return 0;
    }
    int half =
        Math.min(PixelEvidence.MAX_HALF_WINDOW, (int) (frame.footprintPxM * perDepth + 0.5f));
    int farEndBits = Float.floatToRawIntBits(z + frame.halfZ);
    if (farEndBits >= evidence.minLimitBits((int) u, (int) v, half)) {
      return 0;
    }
    return evidence.maxMiss((int) u, (int) v, half);
  }

  private byte raised(byte old, int hit) {
    int known = old == VoxelKernels.UNOBSERVED ? 0 : old;
    return (byte) Math.min(max, known + hit);
  }

  private byte carved(byte old, int miss) {
    int known = old == VoxelKernels.UNOBSERVED ? 0 : old;
    return (byte) Math.max(min, known - miss);
  }
}
