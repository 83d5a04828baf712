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

  private final VoxelWorkers workers;

  /** {@code [pixels 3]} cell of the frustum grid, or {@link FrustumGrid#NONE}. */
  private int[] cell = new int[0];

  /** {@code [pixels 3]} voxel in its block, shifted left, and log-odds. */
  private int[] voxelAndStep = new int[0];

  private float[] rayX = new float[0];
  private byte[] logOdds = new byte[0];
  private int pixels;

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
    pixels = frame.width * frame.height;
    if (cell.length != pixels * SAMPLES) {
      cell = new int[pixels * SAMPLES];
      voxelAndStep = new int[pixels * SAMPLES];
    }
    if (rayX.length != frame.width) {
      rayX = new float[frame.width];
    }
    for (int u = 0; u < frame.width; u++) {
      rayX[u] = (u - frame.cx) / frame.fx;
    }
    workers.forRanges(
        frame.height,
        16,
        (from, to) -> {
          for (int v = from; v < to; v++) {
            locateRow(v, frame, grid, evidence.hit, depthM, stdM);
          }
        });
    for (int at : cell) {
      if (at != FrustumGrid.NONE) {
        grid.slotOfCell[at] = mark;
      }
    }
  }

  private void locateRow(
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
    for (int u = 0; u < frame.width; u++) {
      int pixel = v * frame.width + u;
      int at = pixel * SAMPLES;
      cell[at] = FrustumGrid.NONE;
      cell[at + 1] = FrustumGrid.NONE;
      cell[at + 2] = FrustumGrid.NONE;
      if (hit[pixel] == 0) {
        continue;
      }
      float x = rayX[u];
      float dx = ax + bx * x;
      float dy = ay + by * x;
      float dz = az + bz * x;
      boolean spread = 2 * stdM[pixel] > voxel;
      for (int k = spread ? -1 : 0; k <= (spread ? 1 : 0); k++) {
        float d = depthM[pixel] + k * voxel;
        if (d > 0 && d <= frame.farM) {
          put(at + 1 + k, grid, ox + d * dx, oy + d * dy, oz + d * dz, hit[pixel]);
        }
      }
    }
  }

  /** Positions are counted in voxels from the grid's first one, and inside it not negative. */
  private void put(int at, FrustumGrid grid, float x, float y, float z, byte step) {
    int vx = (int) x;
    int vy = (int) y;
    int vz = (int) z;
    cell[at] = grid.cellOf(vx, vy, vz);
    voxelAndStep[at] = (((vz & 7) * 8 + (vy & 7)) * 8 + (vx & 7)) << STEP_BITS | step;
  }

  /** Collects the hits of each slot; {@code slots} is how many there are. */
  void gather(FrustumGrid grid, int slots) {
    int length = slots * VoxelKernels.BLOCK_VOXELS;
    if (logOdds.length < length) {
      logOdds = new byte[length + length / 4];
    } else {
      Arrays.fill(logOdds, 0, length, (byte) 0);
    }
    for (int i = 0; i < pixels * SAMPLES; i++) {
      if (cell[i] != FrustumGrid.NONE) {
        int packed = voxelAndStep[i];
        int at = grid.slotOfCell[cell[i]] * VoxelKernels.BLOCK_VOXELS + (packed >> STEP_BITS);
        logOdds[at] = (byte) Math.max(logOdds[at], packed & 0xff);
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
