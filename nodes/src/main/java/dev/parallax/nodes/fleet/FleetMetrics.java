package dev.parallax.nodes.fleet;

import dev.parallax.nodes.runtime.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Cards and comparisons as figures for Prometheus. */
final class FleetMetrics {
  private FleetMetrics() {}

  static List<Metric> of(CameraCard card) {
    Map<String, String> of = Map.of("namespace", card.namespace(), "camera", card.camera());
    List<Metric> all = new ArrayList<>();
    card.outcomes()
        .forEach(
            (outcome, count) ->
                all.add(
                    new Metric(
                        "parallax_fleet_frames_total",
                        "Frames by what became of them, since the dashboard watches",
                        with(of, "outcome", outcome),
                        count)));
    all.add(
        new Metric(
            "parallax_fleet_result_age_seconds",
            "Since the last result of a camera came",
            of,
            card.secondsSinceFrame()));
    all.add(
        new Metric(
            "parallax_fleet_takeovers",
            "How often a camera's session changed hands",
            of,
            card.takeovers()));
    String help = "From a frame's arrival at its node to the hand-over of its result";
    seconds(
        all, "parallax_fleet_node_seconds", help, with(of, "quantile", "0.5"), card.nodeP50Ms());
    seconds(
        all, "parallax_fleet_node_seconds", help, with(of, "quantile", "0.99"), card.nodeP99Ms());
    return all;
  }

  static List<Metric> of(ShadowFigures f) {
    Map<String, String> of =
        Map.of("namespace", f.namespace(), "shadow", f.shadow(), "camera", f.camera());
    List<Metric> all = new ArrayList<>();
    all.add(
        new Metric(
            "parallax_shadow_frames_total", "Frames that both have answered", of, f.frames()));
    all.add(
        new Metric(
            "parallax_shadow_frames_unmatched",
            "Frames that only one has answered so far",
            of,
            f.unmatched()));
    add(all, "parallax_shadow_both_published_ratio", "Published by both", of, f.bothPublished());
    add(all, "parallax_shadow_pose_drift_ratio", "Ends apart, over the way", of, f.poseDrift());
    add(all, "parallax_shadow_pose_drift_degrees", "Ends turned apart", of, f.poseDriftDeg());
    add(all, "parallax_shadow_scale_ratio", "Way over the shadow's way", of, f.scaleRatio());
    add(
        all,
        "parallax_shadow_depth_disagreement_ratio",
        "Mean of depth apart over depth",
        of,
        f.depthDisagreement());
    add(all, "parallax_shadow_depth_ratio", "Depth over the shadow's depth", of, f.depthRatio());
    String tae = "Temporal alignment error of depth by the own poses";
    add(all, "parallax_shadow_tae_percent", tae, with(of, "of", "first"), f.taePercent());
    add(all, "parallax_shadow_tae_percent", tae, with(of, "of", "shadow"), f.shadowTaePercent());
    String node = "Median time from a frame's arrival at the node to its result";
    seconds(all, "parallax_shadow_node_seconds", node, with(of, "of", "first"), f.nodeMs());
    seconds(all, "parallax_shadow_node_seconds", node, with(of, "of", "shadow"), f.shadowNodeMs());
    return all;
  }

  private static void add(
      List<Metric> all, String name, String help, Map<String, String> of, @Nullable Double value) {
    if (value != null) {
      all.add(new Metric(name, help, of, value));
    }
  }

  private static void seconds(
      List<Metric> all, String name, String help, Map<String, String> of, @Nullable Double millis) {
    if (millis != null) {
      all.add(new Metric(name, help, of, millis / 1e3));
    }
  }

  private static Map<String, String> with(Map<String, String> of, String label, String value) {
    Map<String, String> more = new HashMap<>(of);
    more.put(label, value);
    return more;
  }
}
