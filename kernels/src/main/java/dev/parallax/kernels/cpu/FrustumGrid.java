package dev.parallax.kernels.cpu;

import dev.parallax.kernels.VoxelKernels;
import java.util.Arrays;

/** The box of blocks around a view's frustum, as a dense grid of cells with a slot number each. */
final class FrustumGrid {
  /** What a cell without a slot holds. */
  static final int NONE = -1;

  private static final int EDGE = VoxelKernels.BLOCK_EDGE;

  /** Block coordinates are packed into 21 signed bits each. */
  private static final double MAX_BLOCK = 1 << 20;

  private static final int MAX_CELLS = 1 << 25;

  /** First block along each axis of odom. */
  final int[] firstBlock = new int[3];

  /** Blocks along each axis of odom. */
  final int[] cells = new int[3];

  /** {@code [z y x]} slot of a cell or {@link #NONE}. */
  int[] slotOfCell = new int[0];

  /**
   * Bounds the frustum from the camera to {@code depthM}, with a voxel to spare.
   *
   * @throws IllegalArgumentException if it lies outside the addressable blocks or is too large
   */
  void bound(VoxelFrame frame, double depthM) {
    long count = 1;
    for (int axis = 0; axis < 3; axis++) {
      double low = frame.t[axis];
      double high = low;
      for (int corner = 0; corner < 4; corner++) {
        double u = (corner & 1) == 0 ? -0.5 : frame.width - 0.5;
        double v = (corner & 2) == 0 ? -0.5 : frame.height - 0.5;
        double x = (u - frame.cx) / frame.fx;
        double y = (v - frame.cy) / frame.fy;
        double[] r = frame.r;
        double direction = r[3 * axis] * x + r[3 * axis + 1] * y + r[3 * axis + 2];
        double end = frame.t[axis] + depthM * direction;
        low = Math.min(low, end);
        high = Math.max(high, end);
      }
      double first = Math.floor((low - frame.voxelM) / frame.blockM());
      double last = Math.floor((high + frame.voxelM) / frame.blockM());
      if (first < -MAX_BLOCK || last >= MAX_BLOCK) {
        throw new IllegalArgumentException(
            "The view reaches %s m along axis %d of odom, beyond the map's %s m: reset the odometry"
                .formatted(first < -MAX_BLOCK ? low : high, axis, MAX_BLOCK * frame.blockM()));
      }
      firstBlock[axis] = (int) first;
      cells[axis] = (int) (last - first) + 1;
      count *= cells[axis];
    }
    if (count > MAX_CELLS) {
      throw new IllegalArgumentException(
          "The frustum spans %d blocks: take larger voxels or a shorter range".formatted(count));
    }
    if (slotOfCell.length < count) {
      slotOfCell = new int[(int) count];
    }
    Arrays.fill(slotOfCell, 0, (int) count, NONE);
  }

  int cellCount() {
    return cells[0] * cells[1] * cells[2];
  }

  /** First voxel of the box along an axis. */
  double firstVoxel(int axis) {
    return (double) firstBlock[axis] * EDGE;
  }

  /** The cell of a voxel inside the box, counted from the box's first voxel. */
  int cellOf(int voxelX, int voxelY, int voxelZ) {
    return ((voxelZ >> 3) * cells[1] + (voxelY >> 3)) * cells[0] + (voxelX >> 3);
  }

  /** Block coordinate of a cell along an axis. */
  int block(int cell, int axis) {
    int along =
        switch (axis) {
          case 0 -> cell % cells[0];
          case 1 -> cell / cells[0] % cells[1];
          default -> cell / (cells[0] * cells[1]);
        };
    return firstBlock[axis] + along;
  }
}
