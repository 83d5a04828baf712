package dev.parallax.nodes.web;

import dev.parallax.nodes.runtime.LatencyWindow;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.nodes.web.DashboardStatus.Frames;
import dev.parallax.nodes.web.DashboardStatus.Stage;
import dev.parallax.nodes.web.DashboardStatus.Told;
import dev.parallax.perception.frame.PoseEstimate;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.StageTimings;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows, kept in bounded memory whether or not anybody watches, so that a browser
 * that comes late gets path and map whole. Thread-safe.
 */
final class DashboardState {
  private static final int PATH_POINTS = 8192;
  private static final int LATENCY_FRAMES = 300;
  private static final int MAX_NOTICES = 50;
  private static final long RATE_WINDOW_NANOS = 2_000_000_000L;

  private final String run = UUID.randomUUID().toString();
  private final String source;
  private final LongSupplier nanoClock;
  private final PathHistory path = new PathHistory(PATH_POINTS);
  private final MapReplica map = new MapReplica();
  private final Map<StageTimings.Stage, LatencyWindow> latency =
      new EnumMap<>(StageTimings.Stage.class);
  private final Map<Notice, Long> notices = new LinkedHashMap<>();
  private final ArrayDeque<Long> publishedAtNanos = new ArrayDeque<>();
  private @Nullable ShownFrame shown;
  private @Nullable TrackingState tracking;
  private @Nullable String trouble;
  private ScaleSource scale = ScaleSource.RELATIVE;
  private String scaleFigures = "";
  private long lastFrameNanos;
  private long given;
  private long highestSequence = -1;
  private long published;
  private long lost;
  private long overtaken;
  private long skipped;
  private boolean ended;

  /**
   * A frame to draw.
   *
   * @param ordinal counts the frames to draw from 1
   * @param estimated what was found; null where nothing was, and then there is only the picture
   */
  record ShownFrame(long ordinal, SourceItem item, FrameOutcome.@Nullable Estimated estimated) {}

  /**
   * @param source what is being watched, for the page's title
   */
  DashboardState(String source, LongSupplier nanoClock) {
    this.source = source;
    this.nanoClock = nanoClock;
  }

  synchronized void add(SourceItem item, FrameOutcome outcome) {
    lastFrameNanos = nanoClock.getAsLong();
    given++;
    highestSequence = Math.max(highestSequence, outcome.id().sequence());
    addTimings(outcome.timings());
    if (outcome instanceof FrameOutcome.Estimated estimated) {
      addEstimate(estimated);
      show(item, estimated);
    } else {
      addFailure(outcome);
      show(item, null);
    }
  }

  synchronized void add(Notice notice) {
    notices.merge(notice, 1L, Long::sum);
    if (notices.size() > MAX_NOTICES) {
      notices.remove(notices.keySet().iterator().next());
    }
  }

  /** Path and map so far are no more. */
  synchronized void beginAnew() {
    path.clear();
    map.clear();
  }

  synchronized void end() {
    ended = true;
  }

  /** The latest frame to draw; null before the first. */
  synchronized @Nullable ShownFrame shown() {
    return shown;
  }

  /** Points of the path from {@code first} on, or all when the history was thinned since. */
  synchronized PathPart pathSince(int generation, int first) {
    int from = generation == path.generation() ? first : 0;
    return new PathPart(
        path.generation(),
        path.count(),
        from == path.count() && from > 0 ? null : path.sectionFrom(from));
  }

  /** The map's picture if it changed since {@code version}. */
  synchronized MapReplica.@Nullable View mapSince(long version) {
    return map.viewSince(version, nanoClock.getAsLong());
  }

  /**
   * @param section null where there is nothing new
   */
  record PathPart(int generation, int count, DashboardMessage.@Nullable Section section) {}

  synchronized DashboardStatus status(int viewers) {
    long now = nanoClock.getAsLong();
    while (!publishedAtNanos.isEmpty() && now - publishedAtNanos.peek() > RATE_WINDOW_NANOS) {
      publishedAtNanos.poll();
    }
    // Sequences count what the source delivered: what never came here, this sink was too slow for.
    long in = Math.max(highestSequence + 1, given);
    Frames frames =
        new Frames(
            in,
            published,
            in - given + overtaken,
            lost,
            skipped,
            publishedAtNanos.size() * 1e9 / RATE_WINDOW_NANOS);
    return new DashboardStatus(
        run,
        source,
        tracking == null ? "WAITING" : tracking.name(),
        trouble,
        ended,
        scaleFigures.isEmpty() ? scale.label() : "%s (%s)".formatted(scale.label(), scaleFigures),
        scale.isMetric(),
        scale.isMetric() ? "m" : "relative units",
        frames,
        path.length(),
        given == 0 ? null : (now - lastFrameNanos) / 1e9,
        viewers,
        stages(),
        told());
  }

  private void addEstimate(FrameOutcome.Estimated estimated) {
    published++;
    publishedAtNanos.add(lastFrameNanos);
    PoseEstimate pose = estimated.pose();
    tracking = pose.state();
    scale = pose.scale();
    scaleFigures = pose.scaleFigures().described();
    trouble = null;
    path.add(pose.T_odom_cam().tx(), pose.T_odom_cam().ty(), pose.T_odom_cam().tz());
    map.apply(estimated.map());
  }

  private void addFailure(FrameOutcome outcome) {
    if (outcome instanceof FrameOutcome.Lost failed) {
      lost++;
      tracking = failed.state();
      trouble = failed.reason();
      path.breakHere();
    } else if (outcome instanceof FrameOutcome.Skipped failed) {
      addSkipped(failed);
    }
  }

  private void addSkipped(FrameOutcome.Skipped failed) {
    if (failed.reason() == FrameOutcome.Skipped.Reason.LATE) {
      overtaken++; // as it should be, live; no trouble
      return;
    }
    skipped++;
    trouble = failed.detail();
    if (failed.reason() == FrameOutcome.Skipped.Reason.INITIALIZING) {
      tracking = TrackingState.INITIALIZING;
    }
  }

  private void addTimings(StageTimings timings) {
    for (StageTimings.Stage stage : StageTimings.Stage.values()) {
      double ms = timings.millis(stage);
      if (!Double.isNaN(ms)) {
        latency.computeIfAbsent(stage, s -> new LatencyWindow(LATENCY_FRAMES)).add(ms);
      }
    }
  }

  private void show(SourceItem item, FrameOutcome.@Nullable Estimated estimated) {
    if (estimated != null || item instanceof SourceItem.Frame) {
      shown = new ShownFrame(shown == null ? 1 : shown.ordinal() + 1, item, estimated);
    }
  }

  private List<Stage> stages() {
    List<Stage> out = new ArrayList<>();
    latency.forEach(
        (stage, window) -> {
          double[] p = window.percentiles(0.5, 0.99);
          String name = stage.name().toLowerCase(Locale.ROOT).replace('_', ' ');
          out.add(new Stage(name, window.last(), p[0], p[1]));
        });
    return out;
  }

  private List<Told> told() {
    List<Told> out = new ArrayList<>();
    notices.forEach((n, times) -> out.add(new Told(n.severity().name(), n.message(), times)));
    return out;
  }
}
