package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Searches for the way that the camera went while nothing is known of depth. From every start the
 * pose is sought that brings points onto their epipolar lines, on whichever side; each end is
 * turned so that most points lie in front of the camera. Among ends that do as well by their lines
 * that counts which explains most in front, and what agrees there tells the pose. Where somebody
 * guesses what is nearer than what, ends that have it the other way round count only if all do, and
 * then nothing is decided.
 *
 * <p>Held to be in front from the beginning, points near by would count as outliers until their
 * depth is about right, and half a street of cars that drive along would outvote the rest: in both
 * cases a turn with a step aside, before a scene of one depth, explains more. Agent thread only.
 */
final class BlindSearch {
  /**
   * The flat guess at depth only keeps points from running away: held to it more tightly, a camera
   * that drives forward before a deep scene is said to turn and climb.
   */
  private static final double DEPTH_VARIANCE_FACTOR = 160;

  /** Two searches that end farther apart than this say that the camera went different ways. */
  private static final double SAME_WAY_COSINE = Math.cos(Math.toRadians(30));

  /** By this share the second best way has to explain the picture worse than the best. */
  private static final double DECISIVE_MARGIN = 0.15;

  /** With fewer points that look as they did, or a smaller share, all are asked. */
  private static final int MIN_ALIKE = 100;

  private static final double MIN_SHARE_ALIKE = 0.4;

  /** Inverse depth over the believed one below which a point lies behind the camera for sure. */
  private static final double MAX_BEHIND = -0.3;

  /** Fewer tell no unit of length. */
  private static final int MIN_DEPTHS = 10;

  private final PointTracks points;
  private final KeyframeWindow window;
  private final PointFollower follower;
  private final PoseSolver solver;
  private final OrderCheck order = new OrderCheck();
  private boolean decided;
  private int asked;
  private boolean @Nullable [] leftOut; // by the last search

  BlindSearch(
      PointTracks points, KeyframeWindow window, PointFollower follower, PoseSolver solver) {
    this.points = points;
    this.window = window;
    this.follower = follower;
    this.solver = solver;
  }

  /**
   * Where a search began and ended.
   *
   * @param cost with all ends held to the same noise
   */
  record End(GuessChooser.Guess start, PoseSolver.Solution solution, double cost) {}

  private record Raw(GuessChooser.Guess start, PoseSolver.Solution solution, double[] depths) {}

  /** Whether the last search left no doubt which way the camera went. */
  boolean isDecided() {
    return decided;
  }

  /** How many points the last search asked. */
  int asked() {
    return asked;
  }

  /** From every start; the best end counts. The points must be those followed last. */
  End search(List<GuessChooser.Guess> starts) {
    leftOut = unlike();
    asked = points.count;
    for (int i = 0; leftOut != null && i < leftOut.length; i++) {
      asked -= leftOut[i] ? 1 : 0;
    }
    solver.leaveOut(leftOut);
    List<End> ends = ends(starts);
    List<End> held = heldInFront(ends);
    List<End> inOrder = held.stream().filter(end -> !isReversed(end)).toList();
    List<End> good = inOrder.isEmpty() ? held : inOrder;
    End best = cheapest(good);
    decided =
        !inOrder.isEmpty()
            && good.stream().allMatch(end -> isSameWay(end, best) || isWorse(end, best));
    PoseSolver.Solution ahead = ahead(best.solution);
    solver.leaveOut(null);
    return new End(best.start, ahead, best.cost);
  }

  /** See {@link OrderCheck}. */
  private boolean isReversed(End end) {
    Keyframe keyframe = window.latest();
    if (!order.isGuessed(keyframe)) {
      return false;
    }
    double[] depths = solver.nearestDepths(points, window, end.solution.T_cam_odom());
    return order.isReversed(points, keyframe, depths, leftOut);
  }

  /** See {@link Odometry#hear}. */
  void hear(Timestamp picture, DepthOrder guess) {
    order.hear(picture, guess);
  }

  private static End cheapest(List<End> ends) {
    return Collections.min(ends, Comparator.comparingDouble(End::cost));
  }

  private static boolean isWorse(End end, End best) {
    return end.cost > (1 + DECISIVE_MARGIN) * best.cost;
  }

  /** The ends that nobody can tell from the best by their lines, at the cost of going in front. */
  private List<End> heldInFront(List<End> ends) {
    End best = cheapest(ends);
    double noise = ends.stream().mapToDouble(e -> e.solution.noisePx()).min().orElseThrow();
    List<End> held = new ArrayList<>();
    for (End end : ends) {
      if (!isWorse(end, best)) {
        PoseSolver.Solution faced = facing(end.solution);
        PoseSolver.Solution ahead = solve(faced.T_cam_odom(), DepthSide.AHEAD);
        held.add(new End(end.start, faced, cost(ahead, noise)));
      }
    }
    return held;
  }

  /** Of what was solved last. */
  private double cost(PoseSolver.Solution solution, double noisePx) {
    return cost(solution, solver.depths(points.count), noisePx);
  }

  private double cost(PoseSolver.Solution solution, double[] depths, double noisePx) {
    return solver.costOf(
        points, window, solution.T_cam_odom(), depths, DEPTH_VARIANCE_FACTOR, noisePx);
  }

  /** Points that do not look as they did; null where too few do. */
  private boolean @Nullable [] unlike() {
    boolean[] unlike = follower.alike(points, window.latest().slot());
    int alike = 0;
    for (int i = 0; i < unlike.length; i++) {
      alike += unlike[i] ? 1 : 0;
      unlike[i] = !unlike[i];
    }
    return alike > MIN_ALIKE && alike > MIN_SHARE_ALIKE * points.count ? unlike : null;
  }

  private List<End> ends(List<GuessChooser.Guess> starts) {
    List<Raw> raw = new ArrayList<>();
    double noise = Double.POSITIVE_INFINITY;
    for (GuessChooser.Guess start : starts) {
      PoseSolver.Solution solution = solve(start.T_cam_odom(), DepthSide.EITHER_SIDE);
      raw.add(new Raw(start, solution, solver.depths(points.count)));
      noise = Math.min(noise, solution.noisePx());
    }
    List<End> ends = new ArrayList<>();
    for (Raw end : raw) {
      ends.add(new End(end.start, end.solution, cost(end.solution, end.depths, noise)));
    }
    return ends;
  }

  private PoseSolver.Solution solve(Se3 T_cam_odom, DepthSide side) {
    return solver.solve(points, window, T_cam_odom, DEPTH_VARIANCE_FACTOR, side);
  }

  /**
   * The same turn with the step in the direction in which most points lie in front of the camera,
   * and as long as puts their median where it is believed: the lines tell neither.
   */
  private PoseSolver.Solution facing(PoseSolver.Solution solution) {
    Se3 T_key_odom = window.latest().T_cam_odom();
    double length = solution.T_cam_odom().times(T_key_odom.inverse()).distance();
    if (!(length > 1e-12)) {
      return solution;
    }
    PoseSolver.Solution unit = solution.lengthened(1 / length, T_key_odom);
    double step = nearness(unit);
    if (Double.isNaN(step) || step == 0) {
      return solution;
    }
    // What a point hosted before the keyframe shows is not proportional to the step; its inverse
    // is a straight function of it.
    double then = nearness(unit.lengthened(step, T_key_odom));
    double next = step + (1 - 1 / then) * (step - 1) / (1 / then - 1 / step);
    boolean isSameWay = Double.isFinite(next) && next * step > 0;
    return unit.lengthened(isSameWay ? next : step, T_key_odom);
  }

  /**
   * Median, over points, of the inverse depth at which they are seen best over the believed one,
   * negative behind the camera; NaN if too few tell it. What lies behind counts: under the noise as
   * much of what is far lies there as does not.
   */
  private double nearness(PoseSolver.Solution solution) {
    double[] ratios = solver.nearestDepths(points, window, solution.T_cam_odom());
    int n = 0;
    for (int i = 0; i < points.count; i++) {
      if (!Double.isNaN(ratios[i])) {
        ratios[n++] = ratios[i] / points.rho[i];
      }
    }
    return n < MIN_DEPTHS ? Double.NaN : OrderStatistic.median(ratios, n);
  }

  /**
   * From the end of a search, by points in front of the camera only. What disagrees there takes no
   * part: there may be more of it than the kernel's width, which follows the median, can bear.
   */
  private PoseSolver.Solution ahead(PoseSolver.Solution best) {
    boolean[] out = leftOut == null ? new boolean[points.count] : leftOut;
    double[] depths = solver.nearestDepths(points, window, best.T_cam_odom());
    for (int i = 0; i < points.count; i++) {
      out[i] |= depths[i] < MAX_BEHIND * points.rho[i];
    }
    leftOut = out;
    solver.leaveOut(out);
    return solve(best.T_cam_odom(), DepthSide.AHEAD);
  }

  /**
   * What the last search found, as long as puts the points where they are believed. Under the noise
   * the search makes steps too long: it costs it little to take every depth for far.
   */
  PoseSolver.Solution asLongAsBelieved(PoseSolver.Solution found) {
    solver.leaveOut(leftOut);
    PoseSolver.Solution faced = facing(found);
    solver.leaveOut(null);
    return faced;
  }

  /**
   * Frees the depths from their flat first guess now that parallax can tell them apart. By small
   * steps, so that a point which agrees only at a depth far from all others is not begun with.
   *
   * @param flat what the last search found
   */
  PoseSolver.Solution freeDepths(PoseSolver.Solution flat) {
    solver.leaveOut(leftOut);
    PoseSolver.Solution free = solve(flat.T_cam_odom(), DepthSide.BELIEVED);
    solver.leaveOut(null);
    // The search takes most depths for far; the unit of length stays that of the poses before.
    double unit = hasOlderPoints() ? 1 : medianRatio(free);
    boolean[] keep = new boolean[points.count];
    for (int i = 0; i < points.count; i++) {
      keep[i] = solver.isInlier(i, free.noisePx());
      double information = solver.information(i) + 1 / (points.variance[i] * DEPTH_VARIANCE_FACTOR);
      points.rho[i] = solver.rho(i) / unit;
      points.variance[i] = 1 / (unit * unit * information);
    }
    follower.drop(points, keep);
    return free.lengthened(unit, window.latest().T_cam_odom());
  }

  /** Median, over points that agree, of the inverse depth found over the believed one. */
  private double medianRatio(PoseSolver.Solution found) {
    double[] ratios = new double[points.count];
    int n = 0;
    for (int i = 0; i < points.count; i++) {
      if (solver.isInlier(i, found.noisePx())) {
        ratios[n++] = solver.rho(i) / points.rho[i];
      }
    }
    return n < MIN_DEPTHS ? 1 : OrderStatistic.median(ratios, n);
  }

  private boolean hasOlderPoints() {
    int latest = window.latest().slot();
    for (int i = 0; i < points.count; i++) {
      if (points.host[i] != latest) {
        return true;
      }
    }
    return false;
  }

  private boolean isSameWay(End a, End b) {
    double[] p = way(a);
    double[] q = way(b);
    double pq = p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
    double pp = p[0] * p[0] + p[1] * p[1] + p[2] * p[2];
    double qq = q[0] * q[0] + q[1] * q[1] + q[2] * q[2];
    return pq > SAME_WAY_COSINE * Math.max(Math.sqrt(pp * qq), 1e-12);
  }

  /** {@code [3]} the way since the keyframe, in its axes. */
  private double[] way(End end) {
    Se3 T_odom_key = window.latest().T_cam_odom().inverse();
    return end.solution.T_cam_odom().times(T_odom_key).inverse().translation();
  }
}
