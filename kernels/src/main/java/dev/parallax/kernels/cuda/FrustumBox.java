package dev.parallax.kernels.cuda;

import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;

/**
 * A view of the voxel grid as the kernels take it: the pose, the camera, and the box of blocks
 * around the frustum.
 *
 * @param pose {@code [13]} rotation and position in odom, then the edge of a voxel in metres
 * @param camera {@code [10]} as the structure {@code Camera} of {@code voxel.cu}
 * @param box {@code [6]} first block and number of blocks along each axis of odom
 */
record FrustumBox(double[] pose, float[] camera, int[] box) {
  /** Block coordinates are packed into 21 signed bits each. */
  private static final double MAX_BLOCK = 1 << 20;

  private static final int MAX_CELLS = 1 << 25;

  /**
   * Bounds the frustum up to the range, with a voxel to spare.
   *
   * @throws IllegalArgumentException if it lies outside the addressable blocks or is too large
   */
  static FrustumBox of(VoxelView view, VoxelRules rules) {
    double voxelM = rules.voxelSizeM();
    double[] pose = new double[13];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        pose[3 * i + j] = view.r(i, j);
      }
      pose[9 + i] = view.t(i);
    }
    pose[12] = voxelM;
    float fx = (float) view.fx();
    float fy = (float) view.fy();
    float[] half = new float[3];
    for (int axis = 0; axis < 3; axis++) {
      double sum = Math.abs(pose[axis]) + Math.abs(pose[3 + axis]) + Math.abs(pose[6 + axis]);
      half[axis] = (float) (0.5 * voxelM * sum);
    }
    float[] camera = {
      fx,
      fy,
      (float) view.cx(),
      (float) view.cy(),
      (float) voxelM,
      (float) rules.maxRangeM(),
      half[0],
      half[1],
      half[2],
      Math.max(fx * half[0], fy * half[1])
    };
    return new FrustumBox(pose, camera, bound(view, camera, voxelM, rules.maxRangeM()));
  }

  private static int[] bound(VoxelView view, float[] camera, double voxelM, double rangeM) {
    double blockM = voxelM * VoxelKernels.BLOCK_EDGE;
    int[] box = new int[6];
    long count = 1;
    for (int axis = 0; axis < 3; axis++) {
      double low = view.t(axis);
      double high = low;
      for (int corner = 0; corner < 4; corner++) {
        double u = (corner & 1) == 0 ? -0.5 : view.width() - 0.5;
        double v = (corner & 2) == 0 ? -0.5 : view.height() - 0.5;
        double x = (u - camera[2]) / camera[0];
        double y = (v - camera[3]) / camera[1];
        double end =
            view.t(axis) + rangeM * (view.r(axis, 0) * x + view.r(axis, 1) * y + view.r(axis, 2));
        low = Math.min(low, end);
        high = Math.max(high, end);
      }
      double first = Math.floor((low - voxelM) / blockM);
      double last = Math.floor((high + voxelM) / blockM);
      if (first < -MAX_BLOCK || last >= MAX_BLOCK) {
        throw new IllegalArgumentException(
            "The view reaches %s m along axis %d of odom, beyond the map's %s m: reset the odometry"
                .formatted(first < -MAX_BLOCK ? low : high, axis, MAX_BLOCK * blockM));
      }
      box[axis] = (int) first;
      box[3 + axis] = (int) (last - first) + 1;
      count *= box[3 + axis];
    }
    if (count > MAX_CELLS) {
      throw new IllegalArgumentException(
          "The frustum spans %d blocks: take larger voxels or a shorter range".formatted(count));
    }
    return box;
  }

  int cells() {
    return box[3] * box[4] * box[5];
  }

  /** Block coordinate of a cell along an axis. */
  int block(int cell, int axis) {
    return switch (axis) {
      case 0 -> box[0] + cell % box[3];
      case 1 -> box[1] + cell / box[3] % box[4];
      default -> box[2] + cell / (box[3] * box[4]);
    };
  }
}
