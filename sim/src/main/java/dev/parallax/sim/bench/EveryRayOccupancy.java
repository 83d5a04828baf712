package dev.parallax.sim.bench;

import dev.parallax.kernels.VoxelRules;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The plain way to build an occupancy map, as a yardstick for {@code OccupancyMapper}: walk every
 * pixel's ray through the grid (Amanatides and Woo 1987), free what it passes and occupy the voxel
 * it ends in. Each voxel changes once for each picture, and an end outweighs a passage. Static
 * pixels with exact depth only.
 */
public final class EveryRayOccupancy {
  private static final int EDGE = VoxelBlockMap.BLOCK_EDGE;
  private static final byte PASSED = 1;
  private static final byte ENDED = 2;

  private final VoxelRules rules;
  private final Map<Long, byte[]> logOdds = new HashMap<>();
  private final Map<Long, byte[]> marks = new HashMap<>();
  private long markedKey;
  private byte @Nullable [] markedBlock;

  public EveryRayOccupancy(VoxelRules rules) {
    this.rules = rules;
  }

  /** {@code [512]} log-odds by block key, the layout of {@link VoxelBlockMap}. */
  public Map<Long, byte[]> blocks() {
    return logOdds;
  }

  /** Forgets everything. */
  public void clear() {
    logOdds.clear();
  }

  /**
   * @param depthM {@code [height width]} exact depth along the optical axis, NaN unknown, +Inf sky
   */
  public void integrate(PinholeCamera camera, float[] depthM, Se3 T_odom_cam) {
    marks.clear();
    markedBlock = null;
    for (int v = 0; v < camera.height(); v++) {
      for (int u = 0; u < camera.width(); u++) {
        double d = depthM[v * camera.width() + u];
        if (!(d > 0)) {
          continue;
        }
        boolean ends = d <= rules.maxRangeM();
        double reach = Math.min(d, rules.maxRangeM());
        double x = (u - camera.cx()) / camera.fx();
        double y = (v - camera.cy()) / camera.fy();
        walk(T_odom_cam.translation(), T_odom_cam.transform(x * reach, y * reach, reach), ends);
      }
    }
    marks.forEach(this::apply);
  }

  private void walk(double[] from, double[] to, boolean ends) {
    int[] voxel = new int[3];
    int[] step = new int[3];
    double[] next = new double[3];
    double[] delta = new double[3];
    int left = 0;
    for (int axis = 0; axis < 3; axis++) {
      double start = from[axis] / rules.voxelSizeM();
      double end = to[axis] / rules.voxelSizeM();
      voxel[axis] = (int) Math.floor(start);
      step[axis] = end > start ? 1 : -1;
      delta[axis] = 1 / Math.abs(end - start);
      double border = step[axis] > 0 ? voxel[axis] + 1 - start : start - voxel[axis];
      next[axis] = border * delta[axis];
      left += Math.abs((int) Math.floor(end) - voxel[axis]);
    }
    for (; left > 0; left--) {
      mark(voxel, PASSED);
      int axis = next[0] < next[1] ? (next[0] < next[2] ? 0 : 2) : (next[1] < next[2] ? 1 : 2);
      voxel[axis] += step[axis];
      next[axis] += delta[axis];
    }
    if (ends) {
      mark(voxel, ENDED);
    }
  }

  private void mark(int[] voxel, byte value) {
    long key = VoxelBlockMap.key(voxel[0] >> 3, voxel[1] >> 3, voxel[2] >> 3);
    byte[] block = markedBlock;
    if (block == null || key != markedKey) {
      block = marks.computeIfAbsent(key, k -> new byte[VoxelBlockMap.BLOCK_VOXELS]);
      markedKey = key;
      markedBlock = block;
    }
    int at = ((voxel[2] & 7) * EDGE + (voxel[1] & 7)) * EDGE + (voxel[0] & 7);
    block[at] = (byte) Math.max(block[at], value);
  }

  private void apply(long key, byte[] marked) {
    byte[] row = logOdds.computeIfAbsent(key, k -> unobserved());
    for (int i = 0; i < marked.length; i++) {
      int known = row[i] == VoxelBlockMap.UNOBSERVED ? 0 : row[i];
      if (marked[i] == ENDED) {
        row[i] = (byte) Math.min(rules.max(), known + rules.hit());
      } else if (marked[i] == PASSED) {
        row[i] = (byte) Math.max(rules.min(), known - rules.miss());
      }
    }
  }

  private static byte[] unobserved() {
    byte[] row = new byte[VoxelBlockMap.BLOCK_VOXELS];
    Arrays.fill(row, VoxelBlockMap.UNOBSERVED);
    return row;
  }
}
