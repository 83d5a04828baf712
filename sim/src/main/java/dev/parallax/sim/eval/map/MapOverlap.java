package dev.parallax.sim.eval.map;

import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.util.Arrays;

/**
 * How two maps of one grid agree, voxel by voxel. A voxel that either has not observed counts as
 * neither occupied nor free there, so a map that missed a place pays for it.
 *
 * @param occupiedIou intersection over union of the occupied voxels, NaN where there are none
 * @param freeIou likewise of the free ones
 * @param occupiedTrue occupied voxels of the true map
 * @param occupiedEstimate occupied voxels of the estimated map
 */
public record MapOverlap(
    double occupiedIou, double freeIou, long occupiedTrue, long occupiedEstimate) {

  /**
   * @throws IllegalArgumentException if the voxels differ in size
   */
  public static MapOverlap of(VoxelBlockMap estimate, VoxelBlockMap truth) {
    if (estimate.voxelSizeM() != truth.voxelSizeM()) {
      throw new IllegalArgumentException(
          "Maps of %s m and %s m voxels cannot be compared"
              .formatted(estimate.voxelSizeM(), truth.voxelSizeM()));
    }
    Counts counts = new Counts();
    OccupancyDelta e = estimate.snapshot();
    OccupancyDelta t = truth.snapshot();
    int i = 0;
    int j = 0;
    while (i < e.blockKeys().length || j < t.blockKeys().length) { // both ascending
      boolean hasE = i < e.blockKeys().length;
      boolean hasT = j < t.blockKeys().length;
      boolean takeE = hasE && (!hasT || e.blockKeys()[i] <= t.blockKeys()[j]);
      boolean takeT = hasT && (!hasE || t.blockKeys()[j] <= e.blockKeys()[i]);
      counts.add(
          takeE ? e.logOdds()[i] : Counts.UNOBSERVED_BLOCK,
          takeT ? t.logOdds()[j] : Counts.UNOBSERVED_BLOCK);
      i += takeE ? 1 : 0;
      j += takeT ? 1 : 0;
    }
    return counts.result();
  }

  private static final class Counts {
    static final byte[] UNOBSERVED_BLOCK = unobserved();
    private long occupiedBoth;
    private long occupiedE;
    private long occupiedT;
    private long freeBoth;
    private long freeE;
    private long freeT;

    void add(byte[] e, byte[] t) {
      for (int v = 0; v < VoxelBlockMap.BLOCK_VOXELS; v++) {
        boolean oe = VoxelBlockMap.isOccupied(e[v]);
        boolean ot = VoxelBlockMap.isOccupied(t[v]);
        boolean fe = VoxelBlockMap.isFree(e[v]);
        boolean ft = VoxelBlockMap.isFree(t[v]);
        occupiedE += oe ? 1 : 0;
        occupiedT += ot ? 1 : 0;
        occupiedBoth += oe && ot ? 1 : 0;
        freeE += fe ? 1 : 0;
        freeT += ft ? 1 : 0;
        freeBoth += fe && ft ? 1 : 0;
      }
    }

    MapOverlap result() {
      return new MapOverlap(
          iou(occupiedBoth, occupiedE, occupiedT),
          iou(freeBoth, freeE, freeT),
          occupiedT,
          occupiedE);
    }

    private static double iou(long both, long a, long b) {
      return (double) both / (a + b - both);
    }

    private static byte[] unobserved() {
      byte[] block = new byte[VoxelBlockMap.BLOCK_VOXELS];
      Arrays.fill(block, VoxelBlockMap.UNOBSERVED);
      return block;
    }
  }
}
