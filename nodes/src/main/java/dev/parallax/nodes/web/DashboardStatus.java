package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** The figures among it, for Prometheus. */
  List<Metric> metrics() {
    Map<String, String> of = Map.of("source", source);
    List<Metric> all = new ArrayList<>();
    all.add(new Metric("parallax_frames_in_total", "Frames the source delivered", of, frames.in));
    outcome(all, "published", frames.published);
    outcome(all, "dropped", frames.dropped);
    outcome(all, "lost", frames.lost);
    outcome(all, "skipped", frames.skipped);
    all.add(
        new Metric(
            "parallax_tracking",
            "1 for the state that the tracking is in",
            Map.of("source", source, "state", state),
            1));
    all.add(
        new Metric(
            "parallax_path_length",
            "How far the camera has come; metres where metric is true",
            Map.of("source", source, "metric", Boolean.toString(metric)),
            pathLength));
    for (Stage stage : stages) {
      quantile(all, stage.name, "0.5", stage.p50Ms);
      quantile(all, stage.name, "0.99", stage.p99Ms);
    }
    return all;
  }

  private void outcome(List<Metric> all, String name, long count) {
    Map<String, String> labels = Map.of("source", source, "outcome", name);
    all.add(new Metric("parallax_frames_total", "Frames by what became of them", labels, count));
  }

  private void quantile(List<Metric> all, String stage, String quantile, double millis) {
    Map<String, String> labels = Map.of("source", source, "stage", stage, "quantile", quantile);
    String help = "Time that a stage took, over the last 300 frames";
    all.add(new Metric("parallax_stage_seconds", help, labels, millis / 1e3));
  }

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
