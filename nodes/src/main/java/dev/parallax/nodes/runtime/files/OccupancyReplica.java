package dev.parallax.nodes.runtime.files;

import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.mapping.GridProjection;
import dev.parallax.perception.mapping.OccupancyGrid2d;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The map as the deltas of the frames tell it, with its 2-D grid. A delta with another voxel size
 * begins a new map: the pipeline then started a new one too. Not thread-safe.
 */
public final class OccupancyReplica {
  /**
   * Cells of the 2-D grid look this many voxels above and below the height where the camera
   * started, which is free space in front of any camera that moves; the floor's height is not known
   * to a map that starts at the camera.
   */
  private static final int BAND_VOXELS = 6;

  /** Share of the band that must be free; a moving camera sees only part of a column. */
  private static final double MIN_FREE_SHARE = 0.3;

  private @Nullable VoxelBlockMap map;
  private @Nullable GridProjection projection;

  public void apply(OccupancyDelta delta) {
    if (delta.blockKeys().length == 0) {
      return;
    }
    VoxelBlockMap current = map;
    GridProjection grid = projection;
    if (current == null || grid == null || current.voxelSizeM() != delta.voxelSizeM()) {
      double bandM = BAND_VOXELS * delta.voxelSizeM();
      current = new VoxelBlockMap(delta.voxelSizeM());
      grid = new GridProjection(delta.voxelSizeM(), -bandM, bandM, MIN_FREE_SHARE);
      map = current;
      projection = grid;
    }
    current.apply(delta);
    grid.apply(delta);
  }

  /** The map; empty if no frame changed one. */
  public Optional<VoxelBlockMap> map() {
    return Optional.ofNullable(map);
  }

  /** The 2-D grid; empty if no frame changed a map. */
  public Optional<OccupancyGrid2d> grid() {
    return Optional.ofNullable(projection).map(GridProjection::grid);
  }
}
