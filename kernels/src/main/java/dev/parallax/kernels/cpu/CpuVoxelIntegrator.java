package dev.parallax.kernels.cpu;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.VoxelBlocks;
import dev.parallax.kernels.VoxelIntegrator;
import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;
import java.util.Arrays;

/** Works on the caller's own blocks: nothing is kept of them here. */
final class CpuVoxelIntegrator implements VoxelIntegrator {
  private final CpuVoxelKernels kernels;
  private final VoxelBlocks map;

  private byte[][] rows = new byte[0][];
  private boolean[] isNew = new boolean[0];
  private boolean[] changed = new boolean[0];
  private byte[][] spareRows = new byte[64][];
  private int spares;
  private int[] changedXyz = new int[0];
  private int changedBlocks;

  CpuVoxelIntegrator(CpuVoxelKernels kernels, VoxelBlocks map) {
    this.kernels = kernels;
    this.map = map;
  }

  @Override
  public int integrate(
      VoxelView view, VoxelRules rules, float[] depthM, float[] stdM, byte[] labels) {
    int count = kernels.observe(view, rules, depthM, stdM, labels);
    reserve(count);
    for (int i = 0; i < count; i++) {
      byte[] row = map.row(kernels.blockAt(i, 0), kernels.blockAt(i, 1), kernels.blockAt(i, 2));
      isNew[i] = row == null;
      rows[i] = row == null ? takeSpare() : row;
    }
    kernels.update(rows, changed);
    changedBlocks = 0;
    for (int i = 0; i < count; i++) {
      if (changed[i]) {
        keep(i);
      } else if (isNew[i]) {
        giveSpare(rows[i]); // nothing was seen of it, so it is still unobserved throughout
      }
    }
    return changedBlocks;
  }

  private void keep(int i) {
    for (int axis = 0; axis < 3; axis++) {
      changedXyz[3 * changedBlocks + axis] = kernels.blockAt(i, axis);
    }
    changedBlocks++;
    if (isNew[i]) {
      map.insert(kernels.blockAt(i, 0), kernels.blockAt(i, 1), kernels.blockAt(i, 2), rows[i]);
    }
  }

  @Override
  public int integrate(
      VoxelView view,
      VoxelRules rules,
      DeviceBuffer depthM,
      DeviceBuffer stdM,
      DeviceBuffer labels) {
    return integrate(
        view, rules, HostBuffer.floats(depthM), HostBuffer.floats(stdM), HostBuffer.bytes(labels));
  }

  @Override
  public void changedBlocks(int[] xyz) {
    System.arraycopy(changedXyz, 0, xyz, 0, 3 * changedBlocks);
  }

  /** There is no copy that could differ. */
  @Override
  public void forget(int[] xyz, int n) {}

  @Override
  public void reload() {}

  @Override
  public void close() {}

  private void reserve(int count) {
    if (rows.length < count) {
      int length = count + count / 4;
      rows = new byte[length][];
      isNew = new boolean[length];
      changed = new boolean[length];
      changedXyz = new int[3 * length];
    }
  }

  private byte[] takeSpare() {
    if (spares > 0) {
      return spareRows[--spares];
    }
    byte[] row = new byte[VoxelKernels.BLOCK_VOXELS];
    Arrays.fill(row, VoxelKernels.UNOBSERVED);
    return row;
  }

  private void giveSpare(byte[] row) {
    if (spares == spareRows.length) {
      spareRows = Arrays.copyOf(spareRows, 2 * spares);
    }
    spareRows[spares++] = row;
  }
}
