package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.RosDiagnostics.Level;
import dev.parallax.nodes.codec.RosDiagnostics.Status;
import dev.parallax.nodes.runtime.LatencyHistogram;
import dev.parallax.nodes.runtime.Ledger;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.FrameOutcome.Lost;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** How one camera does, for {@code /diagnostics}. Any thread. */
final class CameraHealth {
  /** Without a frame for so long a camera is silent. */
  private static final long SILENCE_NS = 2_000_000_000L;

  private final String camera;
  private final Supplier<String> gpuMemory;
  private LatencyHistogram ageMs = new LatencyHistogram();
  private String state = "no frame yet";
  private String scale = "not known yet";
  private String open = ""; // what the motion or the view leaves open
  private boolean relative;
  private boolean lost;
  private long reportedIn;
  private long reportedOut;
  private long reportedNs;
  private long lastFrameNs;

  /**
   * @param gpuMemory in words
   */
  CameraHealth(String camera, Supplier<String> gpuMemory, long nowNs) {
    this.camera = camera;
    this.gpuMemory = gpuMemory;
    reportedNs = nowNs;
    lastFrameNs = nowNs;
  }

  /**
   * @param frameAgeMs from the picture's stamp to now, graph time
   */
  synchronized void accept(FrameOutcome outcome, double frameAgeMs) {
    if (outcome instanceof Estimated frame) {
      state = frame.pose().state().name();
      String how = frame.pose().scaleFigures().described();
      scale = frame.pose().scale().label() + (how.isEmpty() ? "" : " (%s)".formatted(how));
      open = frame.pose().figures().described();
      relative = !frame.pose().scale().isMetric();
      lost = false;
      ageMs.add(Math.max(0, frameAgeMs));
    } else if (outcome instanceof Lost) {
      state = "LOST";
      open = "";
      lost = true;
    }
  }

  /**
   * The state now; rates and ages are since the last call.
   *
   * @param counts of every frame so far
   * @param troubles of the camera's topics
   * @param droppedBySubscribers messages that slow subscribers did not get
   */
  synchronized Status report(
      Ledger.Counts counts, List<String> troubles, long droppedBySubscribers, long nowNs) {
    if (counts.in() > reportedIn) {
      lastFrameNs = nowNs;
    }
    double seconds = Math.max(1e-3, (nowNs - reportedNs) / 1e9);
    Map<String, String> values = new LinkedHashMap<>();
    values.put("state", state);
    values.put("scale", scale);
    values.put("degenerate", open.isEmpty() ? "no" : open);
    values.put("rate in (Hz)", format((counts.in() - reportedIn) / seconds));
    values.put("rate out (Hz)", format((counts.published() - reportedOut) / seconds));
    values.put("age p50 (ms)", format(ageMs.quantileMs(0.5)));
    values.put("age p99 (ms)", format(ageMs.quantileMs(0.99)));
    values.put("frames in", Long.toString(counts.in()));
    values.put("frames published", Long.toString(counts.published()));
    values.put("frames lost", Long.toString(counts.lost()));
    new TreeMap<>(counts.skipped())
        .forEach(
            (reason, count) ->
                values.put("dropped: " + reason.name().toLowerCase(Locale.ROOT), count.toString()));
    values.put("dropped by slow subscribers", Long.toString(droppedBySubscribers));
    values.put("GPU memory", gpuMemory.get());
    for (int i = 0; i < troubles.size(); i++) {
      values.put("trouble " + (i + 1), troubles.get(i));
    }
    boolean silent = nowNs - lastFrameNs > SILENCE_NS;
    Status status =
        new Status(
            level(silent, troubles),
            "parallax: " + camera,
            message(silent, troubles),
            camera,
            values);
    reportedNs = nowNs;
    reportedIn = counts.in();
    reportedOut = counts.published();
    ageMs = new LatencyHistogram();
    return status;
  }

  private Level level(boolean silent, List<String> troubles) {
    if (silent || lost) {
      return Level.ERROR;
    }
    return relative || !state.equals("TRACKING") || !troubles.isEmpty() ? Level.WARN : Level.OK;
  }

  private String message(boolean silent, List<String> troubles) {
    if (silent) {
      return troubles.isEmpty() ? "no pictures come" : troubles.get(0);
    }
    if (lost) {
      return "lost: no reliable pose";
    }
    String scaleNote =
        relative ? "; lengths are in an arbitrary unit, not metres, under relative/" : "";
    return state.toLowerCase(Locale.ROOT) + scaleNote;
  }

  private static String format(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.1f", value);
  }
}
