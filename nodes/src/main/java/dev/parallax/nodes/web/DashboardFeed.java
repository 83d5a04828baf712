package dev.parallax.nodes.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parallax.nodes.runtime.Health;
import dev.parallax.nodes.runtime.Metric;
import dev.parallax.nodes.runtime.Observed;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.nodes.web.DashboardMessage.Kind;
import dev.parallax.nodes.web.DashboardMessage.Section;
import dev.parallax.nodes.web.DashboardState.PathPart;
import dev.parallax.nodes.web.DashboardState.ShownFrame;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends the latest state to every viewer that is ready for it: with each new frame, and twice a
 * second when there is none. A frame is encoded once, by the first viewer that wants it.
 */
final class DashboardFeed implements Observed {
  private static final long HEARTBEAT_NANOS = 500_000_000L;

  private final DashboardState state;
  private final FrameSections encoder = new FrameSections();
  private final ObjectMapper json = new ObjectMapper();
  private final Set<Viewer> viewers = ConcurrentHashMap.newKeySet();
  private final Object signal = new Object();
  private boolean signalled;
  private @Nullable Thread thread;

  // Feed thread only.
  private long encodedOrdinal;
  private List<Section> encoded = List.of();

  DashboardFeed(DashboardState state) {
    this.state = state;
  }

  DashboardStatus status() {
    return state.status(viewers.size());
  }

  @Override
  public String name() {
    return "page";
  }

  @Override
  public Health health() {
    return new Health(true, Map.of("viewers", viewers.size()));
  }

  @Override
  public List<Metric> metrics() {
    return status().metrics();
  }

  Viewer attach(Function<byte[], CompletionStage<?>> socket) {
    Viewer viewer = new Viewer(socket, this::wake);
    viewers.add(viewer);
    wake();
    return viewer;
  }

  void detach(Viewer viewer) {
    viewers.remove(viewer);
  }

  /** Something changed: look whether anybody should be told. Never blocks. */
  void wake() {
    synchronized (signal) {
      signalled = true;
      signal.notifyAll();
    }
  }

  void start() {
    synchronized (signal) {
      if (thread != null) {
        throw new IllegalStateException("The dashboard's feed is already running");
      }
      thread = new Thread(this::run, "dashboard-feed");
      thread.setDaemon(true);
      thread.start();
    }
  }

  void stop() throws InterruptedException {
    Thread running;
    synchronized (signal) {
      running = thread;
      thread = null;
      signal.notifyAll();
    }
    if (running != null) {
      running.join();
    }
    viewers.clear();
  }

  private void run() {
    while (awaitSignal()) {
      for (Viewer viewer : viewers) {
        try {
          serve(viewer);
        } catch (RuntimeException e) {
          // One frame that cannot be encoded must not stop the page, nor pass unseen.
          state.add(Notice.warning("dashboard: a frame could not be shown: " + e));
        }
      }
    }
  }

  /** Waits for a signal or the heartbeat; false once the feed is to stop. */
  private boolean awaitSignal() {
    synchronized (signal) {
      try {
        if (!signalled && thread != null) {
          signal.wait(HEARTBEAT_NANOS / 1_000_000);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      signalled = false;
      return thread != null;
    }
  }

  private void serve(Viewer viewer) {
    ShownFrame frame = state.shown();
    boolean isNew = frame != null && frame.ordinal() > viewer.lastOrdinal;
    long now = System.nanoTime();
    if (!viewer.isReady() || !(isNew || now - viewer.lastSentNanos >= HEARTBEAT_NANOS)) {
      return;
    }
    List<Section> sections = new ArrayList<>();
    sections.add(statusSection());
    if (frame != null && isNew) {
      // The frames before a viewer came were never meant for it.
      viewer.notSent += viewer.lastOrdinal == 0 ? 0 : frame.ordinal() - viewer.lastOrdinal - 1;
      viewer.lastOrdinal = frame.ordinal();
      sections.addAll(encode(frame));
    }
    addPath(viewer, sections);
    addMap(viewer, sections);
    viewer.lastSentNanos = now;
    long sequence = frame == null ? -1 : frame.item().id().sequence();
    viewer.send(DashboardMessage.encode(sequence, viewer.notSent, sections));
  }

  private void addPath(Viewer viewer, List<Section> sections) {
    PathPart part = state.pathSince(viewer.pathGeneration, viewer.pathCount);
    if (part.section() != null) {
      sections.add(part.section());
      viewer.pathGeneration = part.generation();
      viewer.pathCount = part.count();
    }
  }

  private void addMap(Viewer viewer, List<Section> sections) {
    MapReplica.View map = state.mapSince(viewer.mapVersion);
    if (map != null) {
      sections.addAll(map.sections());
      viewer.mapVersion = map.version();
    }
  }

  private List<Section> encode(ShownFrame frame) {
    if (encodedOrdinal != frame.ordinal()) {
      encodedOrdinal = frame.ordinal();
      encoded = List.of();
      encoded = sectionsOf(frame);
    }
    return encoded;
  }

  private List<Section> sectionsOf(ShownFrame frame) {
    FrameOutcome.Estimated found = frame.estimated();
    if (found != null) {
      return List.of(
          encoder.picture(found.rectified()),
          encoder.depth(found.depth(), found.depthCamera(), found.pose().T_odom_cam()),
          encoder.motion(found.sceneFlow(), found.movingMask(), found.depthCamera()));
    }
    return frame.item() instanceof SourceItem.Frame raw
        ? List.of(encoder.picture(raw.frame().picture()))
        : List.of();
  }

  private Section statusSection() {
    try {
      return new Section(Kind.STATUS, json.writeValueAsBytes(status()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Dashboard status does not fit JSON", e);
    }
  }
}
