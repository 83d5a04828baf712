package dev.parallax.nodes.web;

import dev.parallax.nodes.web.DashboardMessage.Section;
import dev.parallax.perception.frame.OccupancyDelta;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The occupancy map, rebuilt from the deltas of the frames. Not thread-safe. */
final class MapReplica {
  private final Map<Long, byte[]> blocks = new HashMap<>();
  private long version;

  /** The map as sections, and the version that they show. */
  record View(long version, List<Section> sections) {}

  void apply(OccupancyDelta delta) {
    for (int i = 0; i < delta.blockKeys().length; i++) {
      if (delta.logOdds()[i].length == 0) {
        blocks.remove(delta.blockKeys()[i]);
      } else {
        blocks.put(delta.blockKeys()[i], delta.logOdds()[i]);
      }
      version++;
    }
  }

  @Nullable View viewSince(long seen) {
    return null;
  }
}
