package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * Whether the camera stands still, with hysteresis. Where the points were when the pose last
 * changed is held against where they are now, so that however slow a motion is, it adds up until it
 * is seen. While the camera is known to stand still the points are held too: nobody who walks
 * through the picture takes them away. Agent thread only.
 */
final class RestWatch {
  /** So many pictures in a row must be at the same place before the camera is said to stand. */
  private static final int PICTURES_TO_SETTLE = 5;

  /** So many in a row must differ before a standing camera is said to move, unless it is plain. */
  private static final int PICTURES_TO_LEAVE = 2;

  private static final double PLAIN_FLOW_PX = 1;

  /**
   * What tells motion from rest. Chi-squared with six degrees of freedom exceeds the gain once in
   * three million pictures; at rest under strong JPEG 39 was seen. The flow keeps what lenses,
   * light and compression do from counting.
   */
  private static final double MOVING_GAIN = 40;

  private static final double MOVING_FLOW_PX = 0.04;

  /** What a camera known to stand still has to show: a slow one gets there a little later. */
  private static final double LEAVING_GAIN = 100;

  private static final double LEAVING_FLOW_PX = 0.1;

  private final RegionMotions regions;
  private final RestEvidence evidence;
  private final PointTracks held;
  private final byte[] heldMisses;
  private int resting;
  private int leaving;
  private boolean still;
  private double hiddenFlowPx = LEAVING_FLOW_PX;

  RestWatch(PinholeCamera camera, int capacity) {
    regions = new RegionMotions(camera, capacity);
    evidence = new RestEvidence(camera);
    held = new PointTracks(capacity);
    heldMisses = new byte[capacity];
  }

  /** A camera that begins stands still until it is seen to move. */
  void start(PointTracks points, byte[] misses) {
    settle(points, misses);
  }

  /** The pose is about to change, or the points have: rest would have to be found anew. */
  void leave() {
    still = false;
    resting = 0;
    leaving = 0;
  }

  /** Whether the camera is known to stand still, for longer than a picture. */
  boolean isStill() {
    return still;
  }

  /**
   * Judges the points as followed into a new picture; while the camera stands still, puts them back
   * to where they were.
   *
   * @param T_cam_odom the pose so far
   * @return whether the pose stays as it is
   */
  boolean holds(PointTracks points, byte[] misses, KeyframeWindow window, Se3 T_cam_odom) {
    regions.measure(points, misses, window, T_cam_odom);
    RestEvidence.Verdict verdict = evidence.judge(regions);
    hiddenFlowPx = hiddenFlowPx(verdict.flowPx());
    if (still) {
      return staysStill(points, misses, verdict);
    }
    if (verdict.moves(MOVING_GAIN, MOVING_FLOW_PX)) {
      leave();
      return false;
    }
    if (++resting >= PICTURES_TO_SETTLE) {
      settle(points, misses);
    }
    return true;
  }

  /** What may have moved in the last picture judged though the pose stays, picture pixels. */
  double hiddenFlowPx() {
    return hiddenFlowPx;
  }

  private double hiddenFlowPx(double seenPx) {
    double unseenPx = still ? LEAVING_FLOW_PX : MOVING_FLOW_PX;
    return Double.isNaN(seenPx) ? PLAIN_FLOW_PX : Math.max(unseenPx, seenPx);
  }

  /** Multiplies all depths that are held. */
  void rescale(double factor) {
    held.rescale(factor);
  }

  private boolean staysStill(PointTracks points, byte[] misses, RestEvidence.Verdict verdict) {
    leaving = verdict.moves(LEAVING_GAIN, LEAVING_FLOW_PX) ? leaving + 1 : 0;
    if (leaving >= PICTURES_TO_LEAVE || leaving > 0 && verdict.flowPx() >= PLAIN_FLOW_PX) {
      leave();
      return false;
    }
    points.copyFrom(held);
    System.arraycopy(heldMisses, 0, misses, 0, held.count);
    return true;
  }

  private void settle(PointTracks points, byte[] misses) {
    still = true;
    leaving = 0;
    held.copyFrom(points);
    Arrays.fill(heldMisses, (byte) 0);
    System.arraycopy(misses, 0, heldMisses, 0, points.count);
  }
}
