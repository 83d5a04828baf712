package dev.parallax.perception.odometry;

/** How far apart pictures usually come, so that missing ones are noticed. Agent thread only. */
final class FrameInterval {
  /** A camera that skips one or two pictures still shows a motion that goes on. */
  private static final double GAP_INTERVALS = 3.5;

  /** Pictures over which the mean is taken. */
  private static final int MEMORY = 20;

  private double meanS;
  private int intervals;

  /**
   * Takes note of an interval.
   *
   * @return whether it is much longer than those before
   */
  boolean isGap(double intervalS) {
    boolean gap = intervals > 0 && intervalS > GAP_INTERVALS * meanS;
    intervals = Math.min(intervals + 1, MEMORY);
    meanS += (intervalS - meanS) / intervals;
    return gap;
  }
}
