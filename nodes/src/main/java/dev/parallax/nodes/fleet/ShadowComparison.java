package dev.parallax.nodes.fleet;

import dev.parallax.nodes.fleet.PathDrift.Drift;
import dev.parallax.nodes.runtime.LatencyWindow;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.depth.TemporalAlignmentError;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One camera's frames as two groups of nodes have answered them, paired by the run of the camera's
 * publisher and the frame's number. Not thread-safe.
 */
final class ShadowComparison {
  private static final int WINDOW = 300;

  /** Frames of one group that wait for the other's answer; older ones are given up. */
  private static final int WAITING = 128;

  private final Side first;
  private final Side shadow;
  private final String camera;
  private final PathDrift drift = new PathDrift();
  private final LatencyWindow disagreement = new LatencyWindow(WINDOW);
  private final LatencyWindow depthRatio = new LatencyWindow(WINDOW);
  private String stream = "";
  private boolean bothMetric;
  private long frames;
  private long published;

  /** One group's part. */
  private static final class Side {
    final String namespace;
    final Map<String, SeenFrame> waiting = new LinkedHashMap<>();
    final LatencyWindow tae = new LatencyWindow(WINDOW);
    final LatencyWindow nodeMs = new LatencyWindow(WINDOW);
    @Nullable SeenFrame before;
    int takeovers;
    long givenUp;

    Side(String namespace) {
      this.namespace = namespace;
    }
  }

  ShadowComparison(String namespace, String shadow, String camera) {
    first = new Side(namespace);
    this.shadow = new Side(shadow);
    this.camera = camera;
  }

  void add(SeenFrame frame) {
    boolean isFirst = frame.namespace().equals(first.namespace);
    Side mine = isFirst ? first : shadow;
    Side other = isFirst ? shadow : first;
    String key = frame.stream() + "/" + frame.sequence();
    follow(mine, frame);
    SeenFrame answer = other.waiting.remove(key);
    if (answer == null) {
      mine.waiting.put(key, frame);
      giveUpOldest(mine);
    } else {
      compare(isFirst ? frame : answer, isFirst ? answer : frame);
    }
  }

  /** Holds a group's depth against its own depth of the frame before. */
  private static void follow(Side side, SeenFrame frame) {
    side.nodeMs.add(frame.result().origin().nodeMs());
    SeenFrame before = side.before;
    side.before = frame;
    if (before == null
        || !before.stream().equals(frame.stream())
        || before.sequence() + 1 != frame.sequence()) {
      return;
    }
    SeenFrame.Depth then = before.depth();
    SeenFrame.Depth now = frame.depth();
    Se3 T_odom_then = before.result().T_odom_cam();
    Se3 T_odom_now = frame.result().T_odom_cam();
    if (then == null || now == null || T_odom_then == null || T_odom_now == null) {
      return;
    }
    if (then.camera().equals(now.camera())) {
      double error =
          TemporalAlignmentError.ofPair(
              now.camera(), then.depthM(), now.depthM(), T_odom_now.inverse().times(T_odom_then));
      if (!Double.isNaN(error)) {
        side.tae.add(100 * error);
      }
    }
  }

  private void compare(SeenFrame mine, SeenFrame other) {
    frames++;
    begin(mine, other);
    Se3 T_odom_cam = mine.result().T_odom_cam();
    Se3 T_odom_cam_other = other.result().T_odom_cam();
    if (T_odom_cam == null || T_odom_cam_other == null) {
      return;
    }
    published++;
    bothMetric = mine.result().metric() && other.result().metric();
    drift.add(T_odom_cam, T_odom_cam_other);
    SeenFrame.Depth depth = mine.depth();
    SeenFrame.Depth otherDepth = other.depth();
    if (depth != null && otherDepth != null) {
      DepthDisagreement d = DepthDisagreement.of(depth, otherDepth, !bothMetric);
      if (!Double.isNaN(d.ratio())) {
        disagreement.add(d.relative());
        depthRatio.add(d.ratio());
      }
    }
  }

  /** Another run of the camera, or a session that changed hands, may have another odom. */
  private void begin(SeenFrame mine, SeenFrame other) {
    boolean sameSessions =
        mine.stream().equals(stream)
            && mine.result().origin().takeovers() == first.takeovers
            && other.result().origin().takeovers() == shadow.takeovers;
    if (!sameSessions) {
      stream = mine.stream();
      first.takeovers = mine.result().origin().takeovers();
      shadow.takeovers = other.result().origin().takeovers();
      drift.clear();
    }
  }

  private static void giveUpOldest(Side side) {
    if (side.waiting.size() > WAITING) {
      Iterator<String> oldest = side.waiting.keySet().iterator();
      oldest.next();
      oldest.remove();
      side.givenUp++;
    }
  }

  ShadowFigures figures() {
    Drift d = drift.drift(!bothMetric);
    return new ShadowFigures(
        first.namespace,
        shadow.namespace,
        camera,
        frames,
        first.givenUp + shadow.givenUp + first.waiting.size() + shadow.waiting.size(),
        frames == 0 ? null : (Double) ((double) published / frames),
        known(d.share()),
        known(d.degrees()),
        known(d.scaleRatio()),
        median(disagreement),
        median(depthRatio),
        median(first.tae),
        median(shadow.tae),
        median(first.nodeMs),
        median(shadow.nodeMs));
  }

  private static @Nullable Double median(LatencyWindow window) {
    return known(window.percentiles(0.5)[0]);
  }

  private static @Nullable Double known(double value) {
    return Double.isNaN(value) ? null : (Double) value;
  }
}
