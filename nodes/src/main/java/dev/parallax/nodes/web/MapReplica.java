package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.files.OccupancyReplica;
import dev.parallax.nodes.web.DashboardMessage.Kind;
import dev.parallax.nodes.web.DashboardMessage.Section;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.mapping.OccupancyGrid2d;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The occupancy map, rebuilt from the deltas of the frames, and its pictures for the page: made at
 * most twice a second, since they are of the whole map. Not thread-safe.
 */
final class MapReplica {
  private static final long REBUILD_NANOS = 500_000_000L;
  private static final int MAX_VOXELS = 120_000;

  private OccupancyReplica replica = new OccupancyReplica();
  private @Nullable View view;
  private long version;
  private long builtNanos;

  /** The map as sections, and the version that they show. */
  record View(long version, List<Section> sections) {}

  void apply(OccupancyDelta delta) {
    if (delta.blockKeys().length == 0) {
      return;
    }
    replica.apply(delta);
    version++;
  }

  /** The map so far is no more. */
  void clear() {
    replica = new OccupancyReplica();
    version++;
  }

  /** The map's latest picture; null where it shows no more than version {@code seen}. */
  @Nullable View viewSince(long seen, long nowNanos) {
    boolean due = view == null || nowNanos - builtNanos >= REBUILD_NANOS;
    if (due && (view == null ? 0 : view.version()) < version) {
      List<Section> sections = new ArrayList<>();
      replica.grid().ifPresent(grid -> sections.add(gridSection(grid)));
      replica.map().ifPresent(map -> sections.add(voxelSection(map)));
      view = new View(version, List.copyOf(sections));
      builtNanos = nowNanos;
    }
    return view != null && view.version() > seen ? view : null;
  }

  private static Section gridSection(OccupancyGrid2d grid) {
    ByteBuffer out = allocate(16 + grid.cells().length);
    out.putShort((short) grid.width()).putShort((short) grid.height());
    out.putFloat((float) grid.resolutionM());
    out.putFloat((float) grid.originXM()).putFloat((float) grid.originYM());
    out.put(grid.cells());
    return new Section(Kind.GRID, out.array());
  }

  private static Section voxelSection(VoxelBlockMap map) {
    VoxelCollector collector = new VoxelCollector();
    map.forEachBlock(collector);
    return collector.section(map.voxelSizeM());
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Gathers the occupied voxels' indices; in a map that has too many, every n-th of them. */
  private static final class VoxelCollector implements VoxelBlockMap.BlockVisitor {
    private static final int EDGE = VoxelBlockMap.BLOCK_EDGE;
    private int[] xyz = new int[3 * 4096];
    private int count;

    @Override
    public void visit(int blockX, int blockY, int blockZ, byte[] logOdds) {
      for (int i = 0; i < logOdds.length; i++) {
        if (VoxelBlockMap.isOccupied(logOdds[i])) {
          add(
              blockX * EDGE + i % EDGE,
              blockY * EDGE + i / EDGE % EDGE,
              blockZ * EDGE + i / (EDGE * EDGE));
        }
      }
    }

    private void add(int x, int y, int z) {
      if (3 * count == xyz.length) {
        xyz = Arrays.copyOf(xyz, 2 * xyz.length);
      }
      xyz[3 * count] = x;
      xyz[3 * count + 1] = y;
      xyz[3 * count + 2] = z;
      count++;
    }

    /** Indices relative to the first voxel, so that 16 bits do for any map of 65,000 voxels. */
    Section section(double edgeM) {
      int step = 1 + (count - 1) / MAX_VOXELS;
      int kept = count == 0 ? 0 : (count - 1) / step + 1;
      ByteBuffer out = allocate(24 + 6 * kept);
      out.putInt(kept).putFloat((float) edgeM);
      for (int axis = 0; axis < 3; axis++) {
        out.putFloat((float) ((xyz[axis] + 0.5) * edgeM));
      }
      out.putInt(0);
      for (int i = 0; i < count; i += step) {
        for (int axis = 0; axis < 3; axis++) {
          out.putShort((short) (xyz[3 * i + axis] - xyz[axis]));
        }
      }
      return new Section(Kind.VOXELS, out.array());
    }
  }
}
