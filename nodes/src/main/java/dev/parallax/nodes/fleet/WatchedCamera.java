package dev.parallax.nodes.fleet;

import dev.parallax.nodes.runtime.LatencyWindow;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is known of one camera of one group of nodes, in bounded memory. Not thread-safe. */
final class WatchedCamera {
  private static final int LATENCY_FRAMES = 300;
  private static final int PATH_POINTS = 400;
  private static final long RATE_WINDOW_NS = 10_000_000_000L;

  private final String namespace;
  private final String camera;
  private final LatencyWindow nodeMs = new LatencyWindow(LATENCY_FRAMES);
  private final Deque<Long> cameNs = new ArrayDeque<>();
  private final Deque<double[]> path = new ArrayDeque<>();
  private final Map<String, Long> outcomes = new TreeMap<>();
  private @Nullable SeenFrame last;
  private @Nullable DepthThumbnail depth;
  private boolean metric;
  private long lastNs;

  WatchedCamera(String namespace, String camera) {
    this.namespace = namespace;
    this.camera = camera;
  }

  void add(SeenFrame frame, long nowNs) {
    SeenFrame before = last;
    if (before != null && !before.stream().equals(frame.stream())) {
      path.clear(); // another run of the camera has an odom of its own
    }
    last = frame;
    lastNs = nowNs;
    cameNs.add(nowNs);
    forgetOld(nowNs);
    outcomes.merge(frame.result().outcome(), 1L, Long::sum);
    nodeMs.add(frame.result().origin().nodeMs());
    Se3 T_odom_cam = frame.result().T_odom_cam();
    if (T_odom_cam != null) {
      metric = frame.result().metric();
      path.add(new double[] {T_odom_cam.tx(), T_odom_cam.ty()});
      if (path.size() > PATH_POINTS) {
        path.removeFirst();
      }
    }
    SeenFrame.Depth whole = frame.depth();
    if (whole != null) {
      depth = DepthThumbnail.of(whole.camera().width(), whole.camera().height(), whole.depthM());
    }
  }

  void show(DepthThumbnail sampled) {
    depth = sampled;
  }

  @Nullable DepthThumbnail depth() {
    return depth;
  }

  @Nullable CameraCard card(long nowNs) {
    SeenFrame frame = last;
    if (frame == null) {
      return null;
    }
    forgetOld(nowNs);
    double[] p = nodeMs.percentiles(0.5, 0.99);
    return new CameraCard(
        namespace,
        camera,
        frame.result().outcome(),
        frame.result().detail(),
        frame.result().origin().node(),
        frame.model(),
        frame.result().origin().takeovers(),
        (nowNs - lastNs) / 1e9,
        cameNs.size() * 1e9 / RATE_WINDOW_NS,
        new TreeMap<>(outcomes),
        p[0],
        p[1],
        new ArrayList<>(path),
        metric ? "m" : "relative units",
        depth != null);
  }

  private void forgetOld(long nowNs) {
    while (!cameNs.isEmpty() && nowNs - cameNs.peek() > RATE_WINDOW_NS) {
      cameNs.poll();
    }
  }
}
