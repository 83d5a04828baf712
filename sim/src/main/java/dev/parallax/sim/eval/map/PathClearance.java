package dev.parallax.sim.eval.map;

import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Voxels on the camera's true path that a map says are occupied. The camera went through them, so
 * every one is wrong.
 *
 * @param voxels how many voxels the path goes through
 * @param occupied how many of them are marked occupied
 */
public record PathClearance(long voxels, long occupied) {

  /**
   * @param path true camera poses in the map's world, joined by straight lines that are followed in
   *     steps of half a voxel
   */
  public static PathClearance of(VoxelBlockMap map, List<Se3> path) {
    Set<List<Long>> seen = new HashSet<>();
    long occupied = 0;
    double size = map.voxelSizeM();
    for (int i = 0; i < path.size(); i++) {
      Se3 from = path.get(Math.max(0, i - 1));
      Se3 to = path.get(i);
      double length =
          Math.hypot(Math.hypot(to.tx() - from.tx(), to.ty() - from.ty()), to.tz() - from.tz());
      int steps = (int) Math.ceil(length / (size / 2));
      for (int k = steps == 0 ? 0 : 1; k <= steps; k++) {
        double f = steps == 0 ? 0 : (double) k / steps;
        double x = from.tx() + f * (to.tx() - from.tx());
        double y = from.ty() + f * (to.ty() - from.ty());
        double z = from.tz() + f * (to.tz() - from.tz());
        boolean isNew =
            seen.add(
                List.of(
                    (long) Math.floor(x / size),
                    (long) Math.floor(y / size),
                    (long) Math.floor(z / size)));
        occupied += isNew && VoxelBlockMap.isOccupied(map.logOddsAt(x, y, z)) ? 1 : 0;
      }
    }
    return new PathClearance(seen.size(), occupied);
  }

  /** Share of the path's voxels, 0..1; NaN without a path. */
  public double share() {
    return (double) occupied / voxels;
  }
}
