package dev.parallax.perception.odometry;

import dev.parallax.kernels.DeviceBuffer;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * Says when a keyframe is due, adds it with new points to the window and takes old ones out,
 * handing their points on. Agent thread only.
 */
final class KeyframeKeeper {
  /** With fewer points than this their depths say nothing about the scene's. */
  private static final int MIN_POINTS = 40;

  /** A flat first guess at depth, in units still to be known. */
  private static final double FIRST_INVERSE_DEPTH = 1;

  /** How unsure that is, and the depth of points beside as a guess at a new one's. */
  private static final double FIRST_RELATIVE_STD = 0.6;

  /** A depth that is more than a guess. */
  private static final double KNOWN_RELATIVE_STD = 0.3;

  /** Parallax, as a share of the picture's width, that makes a keyframe. */
  private static final double DUE_PARALLAX = 0.04;

  private static final double MIN_VISIBLE_SHARE = 0.6;

  private final PinholeCamera camera;
  private final RollingShutter shutter;
  private final PointFollower follower;
  private final KeyframeWindow window;
  private final PointTracks points;
  private final WindowPrior past;
  private final double[] hint = new double[2];
  private int pointsAtKeyframe; // once the last one had been added
  private double typicalInverseDepth = FIRST_INVERSE_DEPTH;

  KeyframeKeeper(
      PinholeCamera camera,
      RollingShutter shutter,
      PointFollower follower,
      KeyframeWindow window,
      PointTracks points,
      WindowPrior past) {
    this.camera = camera;
    this.shutter = shutter;
    this.follower = follower;
    this.window = window;
    this.points = points;
    this.past = past;
  }

  /**
   * Whether the present picture should become a keyframe.
   *
   * @param parallaxShare since the last keyframe, see {@link ApparentMotion#parallaxShare}
   * @param confirmed share of the points that were confirmed in the picture
   */
  boolean isDue(double parallaxShare, double confirmed) {
    return parallaxShare > DUE_PARALLAX
        || points.count < MIN_VISIBLE_SHARE * pointsAtKeyframe
        || confirmed < MIN_VISIBLE_SHARE;
  }

  /**
   * Makes the current picture the first keyframe.
   *
   * @param depths the points' depths are begun with as it answers
   * @return how many points began with a depth that is known
   */
  int begin(DeviceBuffer grey, Timestamp stamp, DepthHint depths, Se3 T_cam_odom) {
    typicalInverseDepth = FIRST_INVERSE_DEPTH;
    return insertTypical(grey, stamp, depths, T_cam_odom);
  }

  /**
   * Makes the current picture a keyframe that sees all points and hosts new ones in its empty
   * cells.
   *
   * @param depths what new points begin with where that is surer than what those beside them tell
   */
  void insert(DeviceBuffer grey, Timestamp stamp, DepthHint depths, Se3 T_cam_odom) {
    typicalInverseDepth = medianInverseDepth(T_cam_odom);
    insertTypical(grey, stamp, unlessVague(depths, nearby(T_cam_odom)), T_cam_odom);
  }

  /**
   * Makes the current picture the only keyframe, of whose depth nothing but the typical is known.
   */
  void restart(DeviceBuffer grey, Timestamp stamp, Se3 T_cam_odom) {
    typicalInverseDepth = medianInverseDepth(T_cam_odom);
    window.clear();
    points.clear();
    past.clear();
    insertTypical(grey, stamp, DepthHint.NONE, T_cam_odom);
  }

  /** Of the points when the last keyframe was made. */
  double typicalInverseDepth() {
    return typicalInverseDepth;
  }

  /** The unit of length changes: every length is multiplied. */
  void rescale(double factor) {
    typicalInverseDepth /= factor;
  }

  /** How many points have a depth that is more than a guess. */
  int knownDepths() {
    int known = 0;
    for (int i = 0; i < points.count; i++) {
      known += isKnown(i) ? 1 : 0;
    }
    return known;
  }

  /**
   * Answers depth as it is where it tells more than the points beside do; else both are fused.
   * Triangulated over next to no way, as while the camera turns, flow's errors look like parallax:
   * depth is then far too near and vague, and taken for known it draws the unit of length along.
   */
  private DepthHint unlessVague(DepthHint depths, NearbyDepth nearby) {
    return (u, v, out) -> {
      double typical = nearby.count() < MIN_POINTS ? typicalInverseDepth : nearby.at(u, v);
      double std = FIRST_RELATIVE_STD * typical;
      double own = depths.at(u, v, out) ? 1 / out[1] : 0;
      double beside = 1 / (std * std);
      if (own < beside) {
        out[0] = own == 0 ? typical : (own * out[0] + beside * typical) / (own + beside);
        out[1] = 1 / (own + beside);
      }
      return true;
    };
  }

  /** The points of known depth, as the present picture shows them. */
  private NearbyDepth nearby(Se3 T_cam_odom) {
    NearbyDepth nearby = new NearbyDepth(points.count);
    for (int i = 0; i < points.count; i++) {
      if (isKnown(i)) {
        nearby.add(points.uv[2 * i], points.uv[2 * i + 1], inverseDepthNow(i, T_cam_odom));
      }
    }
    return nearby;
  }

  private boolean isKnown(int i) {
    double limit = KNOWN_RELATIVE_STD * points.rho[i];
    return points.variance[i] < limit * limit;
  }

  private int insertTypical(DeviceBuffer grey, Timestamp stamp, DepthHint depths, Se3 T_cam_odom) {
    int slot = window.freeSlot();
    points.forgetSlot(slot);
    window.add(new Keyframe(slot, stamp, T_cam_odom, shutter.latest()));
    points.seeAll(slot);
    int found = follower.findNew(grey, points);
    double typical = typicalInverseDepth;
    int known = 0;
    for (int i = 0; i < found; i++) {
      float u = follower.foundU(i);
      float v = follower.foundV(i);
      boolean isKnown = depths.at(u, v, hint);
      known += isKnown ? 1 : 0;
      double rho = isKnown ? hint[0] : typical;
      double std = FIRST_RELATIVE_STD * typical;
      points.add(
          slot,
          u,
          v,
          (u - camera.cx()) / camera.fx(),
          (v - camera.cy()) / camera.fy(),
          rho,
          isKnown ? hint[1] : std * std);
    }
    follower.setKeyframe(grey);
    pointsAtKeyframe = points.count;
    return known;
  }

  /** Median inverse depth of the points in the current picture. */
  private double medianInverseDepth(Se3 T_cam_odom) {
    if (points.count < MIN_POINTS) {
      return typicalInverseDepth;
    }
    double[] all = new double[points.count];
    for (int i = 0; i < points.count; i++) {
      all[i] = inverseDepthNow(i, T_cam_odom);
    }
    return Math.max(OrderStatistic.median(all, all.length), 1e-6);
  }

  private double inverseDepthNow(int i, Se3 T_cam_odom) {
    for (Keyframe keyframe : window.keyframes()) {
      if (keyframe.slot() == points.host[i]) {
        Se3 T_cam_host = T_cam_odom.times(keyframe.T_cam_odom().inverse());
        return points.rho[i] / Math.max(depthRatio(T_cam_host, i), 1e-3);
      }
    }
    return FIRST_INVERSE_DEPTH;
  }

  /** A point's depth in another camera over its depth in its host. */
  private double depthRatio(Se3 T_other_host, int i) {
    return T_other_host.r(2, 0) * points.hostX[i]
        + T_other_host.r(2, 1) * points.hostY[i]
        + T_other_host.r(2, 2)
        + points.rho[i] * T_other_host.tz();
  }

  /**
   * Makes room in a full window: the keyframe that shares the fewest points goes, never one of the
   * last two.
   *
   * @param noisePx one standard deviation of where points are seen
   */
  void makeRoom(double noisePx) {
    if (!window.isFull()) {
      return;
    }
    Keyframe least = window.keyframes().get(0);
    int fewest = Integer.MAX_VALUE;
    for (int k = 0; k < window.size() - 2; k++) {
      Keyframe keyframe = window.keyframes().get(k);
      int shared = 0;
      for (int i = 0; i < points.count; i++) {
        shared += points.isSeen(keyframe.slot(), i) ? 1 : 0;
      }
      if (shared < fewest) {
        fewest = shared;
        least = keyframe;
      }
    }
    past.absorb(window, points, least, noisePx);
    window.remove(least);
    rehost(least);
    points.forgetSlot(least.slot());
  }

  /**
   * Gives the points of a keyframe that leaves to the oldest other one that saw them. What the rest
   * saw of them went into the prior and is not used again.
   */
  private void rehost(Keyframe leaving) {
    boolean[] keep = new boolean[points.count];
    Arrays.fill(keep, true);
    for (int i = 0; i < points.count; i++) {
      if (points.host[i] == leaving.slot()) {
        keep[i] = rehost(leaving, i);
      }
    }
    follower.drop(points, keep);
  }

  private boolean rehost(Keyframe leaving, int i) {
    for (Keyframe next : window.keyframes()) {
      if (!points.isSeen(next.slot(), i)) {
        continue;
      }
      Se3 T_next_host = next.T_cam_odom().times(leaving.T_cam_odom().inverse());
      double z = depthRatio(T_next_host, i);
      if (!(z > 1e-3)) {
        return false;
      }
      points.host[i] = next.slot();
      points.hostX[i] = (points.seen[next.slot()][2 * i] - camera.cx()) / camera.fx();
      points.hostY[i] = (points.seen[next.slot()][2 * i + 1] - camera.cy()) / camera.fy();
      points.rho[i] /= z;
      points.variance[i] /= z * z;
      points.forgetSeen(i, next.slot());
      return true;
    }
    return false;
  }
}
