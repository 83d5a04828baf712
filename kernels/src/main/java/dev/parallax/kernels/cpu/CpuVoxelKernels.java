package dev.parallax.kernels.cpu;

import dev.parallax.kernels.VoxelBlocks;
import dev.parallax.kernels.VoxelIntegrator;
import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Voxel work in Java.
 *
 * <p>Free space is gathered: each voxel of the frustum is visited once and asks the picture about
 * its whole footprint, so the cost does not grow with the picture's resolution and a gap between
 * two rays leaves no hole. Where a voxel covers many pixels it is carved only if all of them see
 * past it, so that a thin post in front of a far wall survives; where it covers less than one, the
 * pixel it projects to decides. Surfaces are scattered, see {@link SurfaceHits}. A voxel that does
 * both is occupied.
 */
public final class CpuVoxelKernels implements VoxelKernels {
  private static final int HIT_MARK = 0;
  private static final int CELLS_PER_TASK = 512;
  private static final int BLOCKS_PER_TASK = 32;

  private final VoxelWorkers workers;
  private final PixelEvidence evidence;
  private final SurfaceHits surfaceHits;
  private final FrustumGrid grid = new FrustumGrid();

  private byte[] verdictOfCell = new byte[0];
  private int blocks;
  private int[] cellOfBlock = new int[0];
  private int[] hitSlotOfBlock = new int[0];
  private @Nullable BlockUpdate blockUpdate;

  /**
   * @param threads how many threads work, the caller's among them
   */
  public CpuVoxelKernels(int threads) {
    workers = new VoxelWorkers(threads);
    evidence = new PixelEvidence(workers);
    surfaceHits = new SurfaceHits(workers);
  }

  @Override
  public VoxelIntegrator integrator(VoxelBlocks map) {
    return new CpuVoxelIntegrator(this, map);
  }

  /**
   * Takes in one depth picture and finds the blocks that it may change.
   *
   * @return how many
   */
  int observe(VoxelView view, VoxelRules rules, float[] depthM, float[] stdM, byte[] labels) {
    int pixels = view.width() * view.height();
    if (depthM.length != pixels || stdM.length != pixels || labels.length != pixels) {
      throw new IllegalArgumentException(
          "Depth camera %dx%d needs %d values, got %d depths, %d stds, %d labels"
              .formatted(
                  view.width(), view.height(), pixels, depthM.length, stdM.length, labels.length));
    }
    VoxelFrame newFrame = new VoxelFrame(view, rules);
    grid.bound(newFrame, rules.maxRangeM());
    evidence.read(newFrame, rules, depthM, stdM, labels);
    surfaceHits.locate(newFrame, grid, evidence, depthM, stdM, HIT_MARK);
    blockUpdate = new BlockUpdate(newFrame, rules, evidence);
    judgeCells(new BlockVisibility(newFrame, evidence));
    int hitSlots = collectBlocks();
    surfaceHits.gather(grid, hitSlots);
    return blocks;
  }

  /**
   * Where a block found by the last {@link #observe} lies; they are ordered by z, then y, then x.
   *
   * @param axis 0 for x, 1 for y, 2 for z
   */
  int blockAt(int block, int axis) {
    return grid.block(cellOfBlock[block], axis);
  }

  /**
   * Brings the blocks found by the last {@link #observe} up to date with its picture. Call once for
   * each picture.
   *
   * @param logOdds {@code [n 512]} the blocks' voxels, updated in place; rows must be distinct
   * @param changed receives {@code [n]} whether any voxel of the block has a new value
   */
  void update(byte[][] logOdds, boolean[] changed) {
    BlockUpdate current = blockUpdate;
    if (current == null) {
      throw new IllegalStateException("Nothing observed: call observe once before each update");
    }
    workers.forRanges(
        blocks,
        BLOCKS_PER_TASK,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            changed[i] = updateBlock(current, i, logOdds[i]);
          }
        });
    blockUpdate = null;
  }

  @Override
  public void close() {
    workers.close();
  }

  private void judgeCells(BlockVisibility visibility) {
    int cells = grid.cellCount();
    if (verdictOfCell.length < cells) {
      verdictOfCell = new byte[cells];
    }
    workers.forRanges(
        cells,
        CELLS_PER_TASK,
        (from, to) -> {
          for (int cell = from; cell < to; cell++) {
            verdictOfCell[cell] =
                (byte) visibility.of(grid.block(cell, 0), grid.block(cell, 1), grid.block(cell, 2));
          }
        });
  }

  /** Numbers the blocks in the order of their cells, and those with hits once more. */
  private int collectBlocks() {
    int hitSlots = 0;
    blocks = 0;
    for (int cell = 0; cell < grid.cellCount(); cell++) {
      boolean isHit = grid.slotOfCell[cell] != FrustumGrid.NONE;
      if (!isHit && verdictOfCell[cell] == BlockVisibility.HIDDEN) {
        continue;
      }
      if (blocks == cellOfBlock.length) {
        cellOfBlock = Arrays.copyOf(cellOfBlock, 2 * blocks + 256);
        hitSlotOfBlock = Arrays.copyOf(hitSlotOfBlock, 2 * blocks + 256);
      }
      cellOfBlock[blocks] = cell;
      hitSlotOfBlock[blocks] = isHit ? hitSlots : FrustumGrid.NONE;
      if (isHit) {
        grid.slotOfCell[cell] = hitSlots++;
      }
      blocks++;
    }
    return hitSlots;
  }

  private boolean updateBlock(BlockUpdate current, int block, byte[] voxels) {
    int cell = cellOfBlock[block];
    int verdict = verdictOfCell[cell];
    boolean isHit = hitSlotOfBlock[block] != FrustumGrid.NONE;
    int hitsAt = isHit ? hitSlotOfBlock[block] * BLOCK_VOXELS : BlockUpdate.NO_HITS;
    if (verdict == BlockVisibility.HIDDEN) {
      return current.addHits(voxels, surfaceHits.logOdds(), hitsAt);
    }
    if (verdict != BlockVisibility.MIXED && !isHit) {
      return current.carveAll(voxels, verdict);
    }
    return current.carveEach(
        voxels,
        grid.block(cell, 0),
        grid.block(cell, 1),
        grid.block(cell, 2),
        surfaceHits.logOdds(),
        hitsAt);
  }
}
