package dev.parallax.kernels.cpu;

import dev.parallax.kernels.VoxelKernels;
import java.util.Arrays;

/**
 * The voxels that hold the ends of a picture's rays. Each end is put into the voxel it lies in;
 * where depth is known less well than a voxel, also into one voxel before and one behind.
 *
 * <p>Ends rather than a projected band, because on a surface seen at a grazing angle the depth
 * difference between a voxel's centre and the surface says little about the distance between them.
 * Several ends in one voxel count once, with the strongest: a nearby voxel covered by a hundred
 * pixels is still a single observation, since errors of neighbouring depths go together.
 */
final class SurfaceHits {
  private static final int SAMPLES = 3;
  private static final int STEP_BITS = 8;
  private static final int VOXEL_BITS = 9;

  private final VoxelWorkers workers;

  /**
   * {@code [height 3 width]} cell of the frustum grid, voxel in its block and log-odds, packed from
   * high to low; each row filled up to its count.
   */
  private long[] ends = new long[0];

  private int[] countOfRow = new int[0];
  private int rowLength;
  private float[] rayX = new float[0];
  private byte[] logOdds = new byte[0];

  SurfaceHits(VoxelWorkers workers) {
    this.workers = workers;
  }

  /** Finds the cell and voxel of each end and marks the cells with {@code mark}. */
  void locate(
      VoxelFrame frame,
      FrustumGrid grid,
      PixelEvidence evidence,
      float[] depthM,
      float[] stdM,
      int mark) {
    resize(frame.width, frame.height);
    for (int u = 0; u < frame.width; u++) {
      rayX[u] = (u - frame.cx) / frame.fx;
    }
    workers.forRanges(
        frame.height,
        16,
        (from, to) -> {
          for (int v = from; v < to; v++) {
            countOfRow[v] = locateRow(v, frame, grid, evidence.hit, depthM, stdM);
          }
        });
    for (int v = 0; v < frame.height; v++) {
      int first = v * rowLength;
      for (int i = first; i < first + countOfRow[v]; i++) {
        grid.slotOfCell[cellOf(ends[i])] = mark;
      }
    }
  }

  private void resize(int width, int height) {
    rowLength = SAMPLES * width;
    if (ends.length != height * rowLength || rayX.length != width) {
      ends = new long[height * rowLength];
      countOfRow = new int[height];
      rayX = new float[width];
    }
  }

  /**
   * @return how many ends
   */
  private int locateRow(
      int v, VoxelFrame frame, FrustumGrid grid, byte[] hit, float[] depthM, float[] stdM) {
    double[] r = frame.r;
    double perVoxel = 1 / frame.voxelM;
    float y = (v - frame.cy) / frame.fy;
    float ax = (float) ((r[1] * y + r[2]) * perVoxel);
    float ay = (float) ((r[4] * y + r[5]) * perVoxel);
    float az = (float) ((r[7] * y + r[8]) * perVoxel);
    float bx = (float) (r[0] * perVoxel);
    float by = (float) (r[3] * perVoxel);
    float bz = (float) (r[6] * perVoxel);
    float ox = (float) (frame.t[0] * perVoxel - grid.firstVoxel(0));
    float oy = (float) (frame.t[1] * perVoxel - grid.firstVoxel(1));
    float oz = (float) (frame.t[2] * perVoxel - grid.firstVoxel(2));
    float voxel = (float) frame.voxelM;
    int next = v * rowLength;
    for (int u = 0; u < frame.width; u++) {
      int pixel = v * frame.width + u;
      if (hit[pixel] == 0) {
        continue;
      }
      float x = rayX[u];
      float dx = ax + bx * x;
      float dy = ay + by * x;
      float dz = az + bz * x;
      int reach = stdM[pixel] > voxel ? 1 : 0;
      for (int k = -reach; k <= reach; k++) {
        float d = depthM[pixel] + k * voxel;
        if (d > 0 && d <= frame.farM) {
          // Counted in voxels from the grid's first one, so never negative.
          int vx = (int) (ox + d * dx);
          int vy = (int) (oy + d * dy);
          int vz = (int) (oz + d * dz);
          int inBlock = ((vz & 7) * 8 + (vy & 7)) * 8 + (vx & 7);
          long cell = grid.cellOf(vx, vy, vz);
          ends[next++] = (cell << VOXEL_BITS | inBlock) << STEP_BITS | hit[pixel];
        }
      }
    }
    return next - v * rowLength;
  }

  private static int cellOf(long end) {
    return (int) (end >>> (VOXEL_BITS + STEP_BITS));
  }

  /** Collects the hits of each slot; {@code slots} is how many there are. */
  void gather(FrustumGrid grid, int slots) {
    int length = slots * VoxelKernels.BLOCK_VOXELS;
    if (logOdds.length < length) {
      logOdds = new byte[length + length / 4];
    } else {
      Arrays.fill(logOdds, 0, length, (byte) 0);
    }
    for (int v = 0; v < countOfRow.length; v++) {
      int first = v * rowLength;
      for (int i = first; i < first + countOfRow[v]; i++) {
        long end = ends[i];
        int inBlock = (int) (end >>> STEP_BITS) & (VoxelKernels.BLOCK_VOXELS - 1);
        int at = grid.slotOfCell[cellOf(end)] * VoxelKernels.BLOCK_VOXELS + inBlock;
        logOdds[at] = (byte) Math.max(logOdds[at], (int) end & 0xff);
      }
    }
  }

  /**
   * {@code [slots 512]} log-odds to add, 0 for voxels without a hit, after {@link #gather}. Slots
   * are numbered in the order of the frustum grid's cells.
   */
  byte[] logOdds() {
    return logOdds;
  }
}
