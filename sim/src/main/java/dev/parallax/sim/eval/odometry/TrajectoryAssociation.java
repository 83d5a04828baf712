package dev.parallax.sim.eval.odometry;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.sim.eval.StampedPose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the true pose of each estimate by stamp: the nearest, at most half a frame away. The truth
 * may come at any rate; no true pose is used twice.
 */
public final class TrajectoryAssociation {
  private final List<Timestamp> frameStamps;
  private final long maxGapNs;

  /**
   * @param frameStamps stamps of the input pictures, in order; their median interval is one frame
   * @throws IllegalArgumentException if there are fewer than two
   */
  public TrajectoryAssociation(List<Timestamp> frameStamps) {
    if (frameStamps.size() < 2) {
      throw new IllegalArgumentException(
          "Association needs the frame rate, so at least 2 stamps, got " + frameStamps.size());
    }
    this.frameStamps = List.copyOf(frameStamps);
    this.maxGapNs = medianIntervalNs(frameStamps) / 2;
  }

  /** The largest gap that still counts as the same time. */
  public long maxGapNs() {
    return maxGapNs;
  }

  /**
   * Pairs in the order of time.
   *
   * @param estimate in the order of time
   * @param truth in the order of time
   */
  public List<PosePair> associate(List<StampedPose> estimate, List<StampedPose> truth) {
    List<PosePair> pairs = new ArrayList<>();
    List<Timestamp> truthStamps = truth.stream().map(StampedPose::stamp).toList();
    int lastUsed = -1;
    long lastGap = 0;
    for (StampedPose pose : estimate) {
      int nearest = nearest(truthStamps, pose.stamp());
      if (nearest < 0) {
        continue;
      }
      long gap = gapNs(truthStamps.get(nearest), pose.stamp());
      if (gap > maxGapNs || (nearest == lastUsed && gap >= lastGap)) {
        continue;
      }
      if (nearest == lastUsed) {
        pairs.remove(pairs.size() - 1); // the later estimate is nearer to this true pose
      }
      pairs.add(
          new PosePair(
              frameIndex(pose.stamp()),
              pose.stamp(),
              pose.T_world_cam(),
              truth.get(nearest).T_world_cam()));
      lastUsed = nearest;
      lastGap = gap;
    }
    return pairs;
  }

  /** Index of the picture with this stamp, within half a frame; -1 if there is none. */
  public int frameIndex(Timestamp stamp) {
    int nearest = nearest(frameStamps, stamp);
    return nearest >= 0 && gapNs(frameStamps.get(nearest), stamp) <= maxGapNs ? nearest : -1;
  }

  private static int nearest(List<Timestamp> sorted, Timestamp stamp) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).nanos() < stamp.nanos()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == sorted.size()) {
      return low - 1;
    }
    boolean earlierIsNearer =
        low > 0 && gapNs(sorted.get(low - 1), stamp) < gapNs(sorted.get(low), stamp);
    return earlierIsNearer ? low - 1 : low;
  }

  private static long gapNs(Timestamp a, Timestamp b) {
    return Math.abs(a.nanos() - b.nanos());
  }

  private static long medianIntervalNs(List<Timestamp> stamps) {
    long[] intervals = new long[stamps.size() - 1];
    for (int i = 0; i < intervals.length; i++) {
      intervals[i] = stamps.get(i + 1).nanos() - stamps.get(i).nanos();
    }
    Arrays.sort(intervals);
    return intervals[intervals.length / 2];
  }
}
