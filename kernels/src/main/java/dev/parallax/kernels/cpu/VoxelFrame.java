package dev.parallax.kernels.cpu;

import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;

/**
 * One view of the voxel grid in the units of the inner loops: the camera seen from odom, and the
 * size of a voxel and of a block along the camera's axes.
 */
final class VoxelFrame {
  final int width;
  final int height;
  final float fx;
  final float fy;
  final float cx;
  final float cy;
  final double voxelM;

  /** Nearest and farthest depth of a voxel centre that may be carved. */
  final float nearM;

  final float farM;

  /** Half the extent of a voxel along the camera's x, y and z, metres. */
  final float halfX;

  final float halfY;
  final float halfZ;

  /** Half the edge of a voxel's footprint in pixels, times its depth in metres. */
  final float footprintPxM;

  /** {@code [3 3]} rotation, odom from camera. */
  final double[] r = new double[9];

  /** {@code [3]} camera position in odom, metres. */
  final double[] t = new double[3];

  VoxelFrame(VoxelView view, VoxelRules rules) {
    width = view.width();
    height = view.height();
    fx = (float) view.fx();
    fy = (float) view.fy();
    cx = (float) view.cx();
    cy = (float) view.cy();
    voxelM = rules.voxelSizeM();
    nearM = (float) voxelM;
    farM = (float) rules.maxRangeM();
    for (int i = 0; i < 3; i++) {
      t[i] = view.t(i);
      for (int j = 0; j < 3; j++) {
        r[3 * i + j] = view.r(i, j);
      }
    }
    halfX = halfExtent(0);
    halfY = halfExtent(1);
    halfZ = halfExtent(2);
    footprintPxM = Math.max(fx * halfX, fy * halfY);
  }

  /** Half the extent of an axis-aligned voxel of odom along a camera axis. */
  private float halfExtent(int cameraAxis) {
    double sum =
        Math.abs(r[cameraAxis]) + Math.abs(r[3 + cameraAxis]) + Math.abs(r[6 + cameraAxis]);
    return (float) (0.5 * voxelM * sum);
  }

  /** Coordinate along a camera axis of a point in odom, metres. */
  float toCamera(int cameraAxis, double x, double y, double z) {
    return (float)
        (r[cameraAxis] * (x - t[0])
            + r[3 + cameraAxis] * (y - t[1])
            + r[6 + cameraAxis] * (z - t[2]));
  }

  /** Change along a camera axis for one voxel along an odom axis, metres. */
  float step(int cameraAxis, int odomAxis) {
    return (float) (r[3 * odomAxis + cameraAxis] * voxelM);
  }

  /** Edge of a block, metres. */
  double blockM() {
    return voxelM * VoxelKernels.BLOCK_EDGE;
  }
}
