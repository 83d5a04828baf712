package dev.parallax.perception.mapping;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.kernels.VoxelBlocks;
import dev.parallax.kernels.VoxelIntegrator;
import dev.parallax.kernels.VoxelKernels;
import dev.parallax.kernels.VoxelRules;
import dev.parallax.kernels.VoxelView;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import org.jspecify.annotations.Nullable;

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
public final class OccupancyMapper implements AutoCloseable {
  private static final byte[] REMOVED = new byte[0];

  private final VoxelIntegrator integrator;
  private final MapperConfig config;
  private final VoxelRules rules;
  private final VoxelBlockMap map;
  private final BlockEviction eviction;
  private int[] blockXyz = new int[0];

  public OccupancyMapper(VoxelKernels kernels, MapperConfig config) {
    this.config = config;
    rules = config.rules();
    map = new VoxelBlockMap(config.voxelSizeM());
    eviction = new BlockEviction(config.maxBlocks());
    integrator = kernels.integrator(new KernelView(map));
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
    return delta(integrator.integrate(view, rules, depthM, stdM, staticLabels), T_odom_cam);
  }

  /** The same for a picture that is on the device already. */
  public OccupancyDelta integrate(
      PinholeCamera depthCamera,
      DeviceBuffer depthM,
      DeviceBuffer stdM,
      DeviceBuffer staticLabels,
      Se3 T_odom_cam) {
    VoxelView view = view(depthCamera, T_odom_cam);
    return delta(integrator.integrate(view, rules, depthM, stdM, staticLabels), T_odom_cam);
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
    integrator.reload();
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

  /**
   * Forgets what is too much; then changed blocks that are still there, then the forgotten ones.
   */
  private OccupancyDelta delta(int count, Se3 T_odom_cam) {
    if (blockXyz.length < 3 * count) {
      blockXyz = new int[3 * (count + count / 4)];
    }
    integrator.changedBlocks(blockXyz);
    long[] changed = new long[count];
    for (int i = 0; i < count; i++) {
      changed[i] = VoxelBlockMap.key(blockXyz[3 * i], blockXyz[3 * i + 1], blockXyz[3 * i + 2]);
    }
    long[] forgotten = eviction.choose(map, T_odom_cam);
    forget(forgotten);
    int n = forgotten.length;
    for (long key : changed) {
      n += map.row(key) != null ? 1 : 0;
    }
    long[] deltaKeys = new long[n];
    byte[][] deltaRows = new byte[n][];
    int next = 0;
    for (long key : changed) {
      byte[] row = map.row(key);
      if (row != null) {
        deltaKeys[next] = key;
        deltaRows[next++] = row.clone();
      }
    }
    for (long key : forgotten) {
      deltaKeys[next] = key;
      deltaRows[next++] = REMOVED; // as empty rows
    }
    return new OccupancyDelta(config.voxelSizeM(), deltaKeys, deltaRows);
  }

  private void forget(long[] keys) {
    if (keys.length == 0) {
      return;
    }
    int[] xyz = new int[3 * keys.length];
    for (int i = 0; i < keys.length; i++) {
      map.remove(keys[i]);
      xyz[3 * i] = VoxelBlockMap.blockX(keys[i]);
      xyz[3 * i + 1] = VoxelBlockMap.blockY(keys[i]);
      xyz[3 * i + 2] = VoxelBlockMap.blockZ(keys[i]);
    }
    integrator.forget(xyz, keys.length);
  }

  /** Lets go of what the kernels keep of the map; it can still be read. */
  @Override
  public void close() {
    integrator.close();
  }

  /** The map as the kernels see it. */
  private record KernelView(VoxelBlockMap map) implements VoxelBlocks {
    @Override
    public int size() {
      return map.size();
    }

    @Override
    public byte @Nullable [] row(int blockX, int blockY, int blockZ) {
      return map.row(VoxelBlockMap.key(blockX, blockY, blockZ));
    }

    @Override
    public void insert(int blockX, int blockY, int blockZ, byte[] logOdds) {
      map.insert(VoxelBlockMap.key(blockX, blockY, blockZ), logOdds);
    }

    @Override
    public void forEach(Visitor visitor) {
      map.forEachBlock(visitor::visit);
    }
  }
}
