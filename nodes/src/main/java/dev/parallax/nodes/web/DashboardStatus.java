package dev.parallax.nodes.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything on the page that is text or a number, as sent and as served at {@code /api/status}.
 *
 * @param run differs from one start of the node to the next, so that a page that reconnects knows
 * @param state a {@code TrackingState}, or WAITING before the first frame
 * @param trouble why the last frame gave nothing; null when it gave something
 * @param ended whether the source has come to its end
 * @param scale where the unit of length comes from
 * @param metric whether lengths are metres
 * @param unit what to write behind a length: {@code m} or {@code relative units}
 * @param pathLength how far the camera has come, in that unit
 * @param secondsSinceFrame age of the last frame; null before the first
 */
record DashboardStatus(
    String run,
    String source,
    String state,
    @Nullable String trouble,
    boolean ended,
    String scale,
    boolean metric,
    String unit,
    Frames frames,
    double pathLength,
    @Nullable Double secondsSinceFrame,
    int viewers,
    List<Stage> stages,
    List<Told> notices) {

  /**
   * The ledger: {@code in = published + dropped + lost + skipped}, but for the frame under way.
   *
   * @param dropped overtaken by a newer frame, or by more results than the page's queue holds
   * @param perSecond frames published a second, over the last two seconds
   */
  record Frames(long in, long published, long dropped, long lost, long skipped, double perSecond) {}

  /** Latency of one stage over the last frames, milliseconds. */
  record Stage(String name, double lastMs, double p50Ms, double p99Ms) {}

  /**
   * @param times how often it was said
   */
  record Told(String severity, String message, long times) {}
}
