package dev.parallax.perception.pipeline;

import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.mapping.OccupancyMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/** Blocks of a map that was given up, until those who follow its deltas have been told. */
final class ForgottenBlocks {
  private final TreeSet<Long> keys = new TreeSet<>();

  /** Empties a map and remembers what was in it. */
  void empty(OccupancyMapper mapper) {
    OccupancyDelta whole = mapper.map().snapshot();
    for (long key : whole.blockKeys()) {
      keys.add(key);
    }
    mapper.restore(OccupancyDelta.none(whole.voxelSizeM()));
  }

  /** The delta of a frame, with the blocks that are no more as empty rows; tells them once. */
  OccupancyDelta joinedWith(OccupancyDelta delta) {
    if (keys.isEmpty()) {
      return delta;
    }
    for (long key : delta.blockKeys()) {
      keys.remove(key);
    }
    long[] blockKeys = Arrays.copyOf(delta.blockKeys(), delta.blockKeys().length + keys.size());
    List<byte[]> rows = new ArrayList<>(Arrays.asList(delta.logOdds()));
    for (long key : keys) {
      blockKeys[rows.size()] = key;
      rows.add(new byte[0]);
    }
    keys.clear();
    return new OccupancyDelta(delta.voxelSizeM(), blockKeys, rows.toArray(new byte[0][]));
  }
}
