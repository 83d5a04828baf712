package dev.parallax.perception.mapping;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * Builds an occupancy map from depth pictures with known poses (algorithms: hashed blocks, frustum
 * projection, log-odds).
 *
 * <p>Space is free only where a static pixel saw through it, occupied only where static pixels
 * measured a surface, and unknown everywhere else. Pixels that move or may move add neither. What
 * is seen through again is freed after three to six pictures. The map keeps at most the configured
 * number of blocks and forgets those farthest from the camera first.
 *
 * <p>Owns its map; shares the kernels with its caller. One thread at a time.
 */
public final class OccupancyMapper {
  private static final byte[] REMOVED = new byte[0];

  private final VoxelKernels kernels;
  private final MapperConfig config;
  private final VoxelRules rules;
  private final VoxelBlockMap map;
  private final BlockEviction eviction;

  private int[] blockXyz = new int[0];
  private long[] keys = new long[0];
  private byte[][] rows = new byte[0][];
  private boolean[] isNew = new boolean[0];
  private boolean[] changed = new boolean[0];
  private byte[][] spareRows = new byte[64][];
  private int spares;

  public OccupancyMapper(VoxelKernels kernels, MapperConfig config) {
    this.kernels = kernels;
    this.config = config;
    rules = config.rules();
    map = new VoxelBlockMap(config.voxelSizeM());
    eviction = new BlockEviction(config.maxBlocks());
  }

  public MapperConfig config() {
    return config;
  }

  /** The map as of the last {@link #integrate}; changes with the next one. */
  public VoxelBlockMap map() {
    return map;
  }

  /**
   * Takes one depth picture into the map. The arrays are only read.
   *
   * @param depthCamera the camera of the depth's grid
   * @param depthM {@code [height width]} metres along the optical axis, NaN unknown, +Inf sky
   * @param stdM {@code [height width]} one standard deviation, metres; pixels where it is NaN, or
   *     more than a fifth of the depth, say nothing
   * @param staticLabels {@code [height width]} labels of {@link MovingMask}
   * @param T_odom_cam the camera's pose
   * @return the blocks that changed, in fresh arrays that may be kept
   * @throws IllegalArgumentException if a size does not agree, the pose is not finite or the view
   *     reaches outside the addressable space; the map is then unchanged
   */
  public OccupancyDelta integrate(
      PinholeCamera depthCamera,
      float[] depthM,
      float[] stdM,
      byte[] staticLabels,
      Se3 T_odom_cam) {
    VoxelView view = view(depthCamera, T_odom_cam);
    return update(kernels.observe(view, rules, depthM, stdM, staticLabels), T_odom_cam);
  }

  /** The same for a picture that is on the device already. */
  public OccupancyDelta integrate(
      PinholeCamera depthCamera,
      DeviceBuffer depthM,
      DeviceBuffer stdM,
      DeviceBuffer staticLabels,
      Se3 T_odom_cam) {
    VoxelView view = view(depthCamera, T_odom_cam);
    return update(kernels.observe(view, rules, depthM, stdM, staticLabels), T_odom_cam);
  }

  /** Brings the blocks of the observed picture up to date. */
  private OccupancyDelta update(int count, Se3 T_odom_cam) {
    reserve(count);
    kernels.blockCoordinates(blockXyz);
    for (int i = 0; i < count; i++) {
      keys[i] = VoxelBlockMap.key(blockXyz[3 * i], blockXyz[3 * i + 1], blockXyz[3 * i + 2]);
      byte[] row = map.row(keys[i]);
      isNew[i] = row == null;
      rows[i] = row == null ? takeSpare() : row;
    }
    kernels.update(rows, changed);
    for (int i = 0; i < count; i++) {
      if (isNew[i] && changed[i]) {
        map.insert(keys[i], rows[i]);
      } else if (isNew[i]) {
        giveSpare(rows[i]); // nothing was seen of it, so it is still unobserved throughout
      }
    }
    long[] forgotten = eviction.choose(map, T_odom_cam);
    for (long key : forgotten) {
      map.remove(key);
    }
    return delta(count, forgotten);
  }

  /**
   * Puts another map in the place of this one, as when a session goes on elsewhere.
   *
   * @param whole every block there is
   * @throws IllegalArgumentException if its voxels are of another size; the map is then empty
   */
  public void restore(OccupancyDelta whole) {
    for (long key : map.sortedKeys()) {
      map.remove(key);
    }
    map.apply(whole);
  }

  /** What a frame brings that says nothing to the map. */
  public OccupancyDelta unchanged() {
    return OccupancyDelta.none(config.voxelSizeM());
  }

  private static VoxelView view(PinholeCamera camera, Se3 T_odom_cam) {
    double[] pose = new double[12];
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 3; column++) {
        pose[4 * row + column] = T_odom_cam.r(row, column);
      }
    }
    pose[3] = T_odom_cam.tx();
    pose[7] = T_odom_cam.ty();
    pose[11] = T_odom_cam.tz();
    return new VoxelView(
        camera.width(), camera.height(), camera.fx(), camera.fy(), camera.cx(), camera.cy(), pose);
  }

  private void reserve(int count) {
    if (keys.length < count) {
      int length = count + count / 4;
      blockXyz = new int[3 * length];
      keys = new long[length];
      rows = new byte[length][];
      isNew = new boolean[length];
      changed = new boolean[length];
    }
  }

  private byte[] takeSpare() {
    if (spares > 0) {
      return spareRows[--spares];
    }
    byte[] row = new byte[VoxelBlockMap.BLOCK_VOXELS];
    Arrays.fill(row, VoxelBlockMap.UNOBSERVED);
    return row;
  }

  private void giveSpare(byte[] row) {
    if (spares == spareRows.length) {
      spareRows = Arrays.copyOf(spareRows, 2 * spares);
    }
    spareRows[spares++] = row;
  }

  /** Changed blocks that are still there, then the forgotten ones as empty rows. */
  private OccupancyDelta delta(int count, long[] forgotten) {
    int n = forgotten.length;
    for (int i = 0; i < count; i++) {
      n += changed[i] && map.row(keys[i]) != null ? 1 : 0;
    }
    long[] deltaKeys = new long[n];
    byte[][] deltaRows = new byte[n][];
    int next = 0;
    for (int i = 0; i < count; i++) {
      byte[] row = changed[i] ? map.row(keys[i]) : null;
      if (row != null) {
        deltaKeys[next] = keys[i];
        deltaRows[next++] = row.clone();
      }
    }
    for (long key : forgotten) {
      deltaKeys[next] = key;
      deltaRows[next++] = REMOVED;
    }
    return new OccupancyDelta(config.voxelSizeM(), deltaKeys, deltaRows);
  }
}
