package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.OctomapTree;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosOccupancyGrid;
import dev.parallax.nodes.codec.RosOccupancyUpdate;
import dev.parallax.nodes.codec.RosOctomap;
import dev.parallax.nodes.codec.RosVoxels;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosException;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.runtime.files.MapFiles;
import dev.parallax.nodes.runtime.files.OccupancyReplica;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.MapTransform;
import dev.parallax.perception.mapping.OccupancyGrid2d;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code occupancy}, latched, with {@code occupancy_updates} between whole grids, and {@code
 * voxels}, {@code octomap_binary} and {@code esdf_slice} for who listens. A whole grid goes out
 * when the grid grew, when somebody new listens, and every few seconds; in between, the rectangle
 * that changed. Any thread.
 */
final class MapTopics implements AutoCloseable {
  private static final long UPDATE_NS = 500_000_000L;
  private static final long WHOLE_NS = 5_000_000_000L;
  private static final long VOXELS_NS = 1_000_000_000L;
  private static final long OCTOMAP_NS = 5_000_000_000L;
  private static final String OCTOMAP_FILE = "map.bt";

  private final RosPublisher grid;
  private final RosPublisher updates;
  private final RosPublisher voxels;
  private final RosPublisher octomap;
  private final RosPublisher distances;
  private final String frame;
  private final Path folder;
  private OccupancyReplica replica = new OccupancyReplica();
  private @Nullable OccupancyGrid2d published;
  private Se3 T_odom_start = Se3.identity();
  private boolean changed;
  private boolean voxelsChanged;
  private boolean octomapChanged;
  private int listeners;
  private long updateNs = Long.MIN_VALUE / 2;
  private long wholeNs = Long.MIN_VALUE / 2;
  private long voxelsNs = Long.MIN_VALUE / 2;
  private long octomapNs = Long.MIN_VALUE / 2;

  MapTopics(RosNode node, RosCameraConfig config) {
    frame = config.frames().odom();
    folder = config.mapFolder();
    grid =
        node.advertise(
            config.result("occupancy"),
            RosType.of(Ros1Type.OCCUPANCY_GRID),
            PublishOptions.latch());
    updates =
        node.advertise(
            config.result("occupancy_updates"),
            RosType.of(Ros1Type.OCCUPANCY_GRID_UPDATE),
            PublishOptions.queue(10));
    voxels =
        node.advertise(
            config.result("voxels"), RosType.of(Ros1Type.POINT_CLOUD), PublishOptions.queue(1));
    octomap =
        node.advertise(
            config.result("octomap_binary"), RosType.of(Ros1Type.OCTOMAP), PublishOptions.queue(1));
    distances =
        node.advertise(
            config.result("esdf_slice"), RosType.of(Ros1Type.POINT_CLOUD), PublishOptions.queue(1));
  }

  /**
   * Follows a change of the map and publishes what is due.
   *
   * @param T_odom_start from the map's own origin, the camera's start, to odom: a translation
   */
  synchronized void accept(OccupancyDelta delta, Se3 T_odom_start, RosHeader picture, long nowNs) {
    this.T_odom_start = T_odom_start;
    if (delta.blockKeys().length > 0) {
      replica.apply(delta);
      changed = true;
      voxelsChanged = true;
      octomapChanged = true;
    }
    RosHeader header = new RosHeader(picture.seq(), picture.stamp(), frame);
    boolean somebodyNew = grid.subscribers() > listeners;
    listeners = grid.subscribers();
    if (somebodyNew || changed && nowNs - updateNs >= UPDATE_NS) {
      publishGrid(header, somebodyNew || nowNs - wholeNs >= WHOLE_NS, nowNs);
    }
    if (voxels.subscribers() > 0 && voxelsChanged && nowNs - voxelsNs >= VOXELS_NS) {
      voxelsNs = nowNs;
      voxelsChanged = false;
      replica.map().ifPresent(map -> voxels.publish(RosVoxels.centres(map, T_odom_start, header)));
    }
    if (octomap.subscribers() > 0 && octomapChanged && nowNs - octomapNs >= OCTOMAP_NS) {
      octomapNs = nowNs;
      octomapChanged = false;
      replica.map().ifPresent(map -> octomap.publish(new RosOctomap(header, tree(map))));
    }
  }

  /** An octree's voxels lie on multiples of their size from odom's origin: to the nearest. */
  private OctomapTree tree(VoxelBlockMap map) {
    return OctomapTree.of(MapTransform.of(map, T_odom_start, map.voxelSizeM()));
  }

  /** The map is no more: a new one begins. */
  synchronized void forget() {
    replica = new OccupancyReplica();
    published = null;
    changed = true;
    voxelsChanged = true;
    octomapChanged = true;
    wholeNs = Long.MIN_VALUE / 2;
  }

  /**
   * Writes the grid as map_server reads it, and the voxels as OctoMap does.
   *
   * @param T_robotMap_start from the map's own origin to the robot's map, where the voxels go;
   *     asked if there is a map
   * @return the folder
   * @throws RosException if there is no map yet or the folder cannot be written
   */
  synchronized Path save(Supplier<Se3> T_robotMap_start) {
    OccupancyGrid2d grid =
        replica.grid().orElseThrow(() -> new RosException("there is no map to save yet"));
    VoxelBlockMap voxels = replica.map().orElseThrow();
    try {
      MapFiles.write(folder, inOdom(grid));
      VoxelBlockMap moved = MapTransform.of(voxels, T_robotMap_start.get(), voxels.voxelSizeM());
      Files.write(folder.resolve(OCTOMAP_FILE), OctomapTree.of(moved).toFile());
      return folder;
    } catch (IOException e) {
      throw new RosException(
          "%s: the map cannot be written (%s); set map_dir to a folder that can be"
              .formatted(folder, e),
          e);
    }
  }

  /**
   * Reads what {@link #save} wrote, in the robot's map.
   *
   * @throws RosException if there is none, or none that can be used
   */
  static VoxelBlockMap load(Path folder) {
    Path file = folder.resolve(OCTOMAP_FILE);
    try {
      return OctomapTree.fromFile(Files.readAllBytes(file), file.toString()).map(file.toString());
    } catch (IOException e) {
      throw new RosException(
          "%s: cannot be read (%s); save a map with save_map, or set map_dir".formatted(file, e),
          e);
    } catch (MessageFormatException e) {
      throw new RosException(String.valueOf(e.getMessage()), e);
    }
  }

  private void publishGrid(RosHeader header, boolean whole, long nowNs) {
    OccupancyGrid2d now = replica.grid().orElse(new OccupancyGrid2d(0, 0, 0.1, 0, 0, new byte[0]));
    OccupancyGrid2d before = published;
    changed = false;
    updateNs = nowNs;
    if (whole || before == null || !sameExtent(before, now)) {
      wholeNs = nowNs;
      grid.publish(RosOccupancyGrid.of(inOdom(now), header));
    } else {
      publishDifference(before, now, header);
    }
    if (distances.subscribers() > 0) {
      distances.publish(DistanceSlice.of(inOdom(now), T_odom_start.tz(), header));
    }
    published = now;
  }

  private OccupancyGrid2d inOdom(OccupancyGrid2d grid) {
    return new OccupancyGrid2d(
        grid.width(),
        grid.height(),
        grid.resolutionM(),
        grid.originXM() + T_odom_start.tx(),
        grid.originYM() + T_odom_start.ty(),
        grid.cells());
  }

  private void publishDifference(OccupancyGrid2d before, OccupancyGrid2d now, RosHeader header) {
    int x0 = now.width();
    int x1 = -1;
    int y0 = now.height();
    int y1 = -1;
    for (int y = 0; y < now.height(); y++) {
      int from = y * now.width();
      int to = from + now.width();
      int first = Arrays.mismatch(before.cells(), from, to, now.cells(), from, to);
      if (first >= 0) {
        int last = now.width() - 1;
        while (before.cells()[from + last] == now.cells()[from + last]) {
          last--;
        }
        x0 = Math.min(x0, first);
        x1 = Math.max(x1, last);
        y0 = Math.min(y0, y);
        y1 = y;
      }
    }
    if (y1 < 0) {
      return;
    }
    int width = x1 - x0 + 1;
    byte[] cells = new byte[width * (y1 - y0 + 1)];
    for (int y = y0; y <= y1; y++) {
      System.arraycopy(now.cells(), y * now.width() + x0, cells, (y - y0) * width, width);
    }
    updates.publish(new RosOccupancyUpdate(header, x0, y0, width, y1 - y0 + 1, cells));
  }

  private static boolean sameExtent(OccupancyGrid2d a, OccupancyGrid2d b) {
    return a.width() == b.width()
        && a.height() == b.height()
        && a.resolutionM() == b.resolutionM()
        && a.originXM() == b.originXM()
        && a.originYM() == b.originYM();
  }

  @Override
  public void close() {
    grid.close();
    updates.close();
    voxels.close();
    octomap.close();
    distances.close();
  }
}
