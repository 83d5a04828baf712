package dev.parallax.perception.loop;

import dev.parallax.kernels.FeatureKernels;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.RigidAlignment;
import dev.parallax.perception.geometry.Sim3;
import java.util.Optional;
import java.util.Random;

/**
 * Checks whether two places are one: matches lifted by depth must agree on one similarity. RANSAC
 * over three points (Umeyama 1991), judged by reprojection both ways, since depth is far less sure
 * than a pixel; then refined by Gauss-Newton on those reprojections. Deterministic.
 */
final class PlaceMatcher {
  private static final int MAX_DISTANCE_BITS = 64;
  private static final double MAX_RATIO = 0.9;
  private static final int TRIALS = 300;
  private static final int REFINEMENTS = 8;
  private static final double MAX_SCALE_CHANGE = 3;

  private final FeatureKernels kernels;
  private final PinholeCamera camera;
  private final LoopConfig config;
  private final double maxErrorPx;

  PlaceMatcher(FeatureKernels kernels, PinholeCamera camera, LoopConfig config) {
    this.kernels = kernels;
    this.camera = camera;
    this.config = config;
    maxErrorPx = Math.max(3, 0.008 * camera.width());
  }

  /**
   * That two places are one.
   *
   * @param S_from_to maps points of the camera at {@code to} to that at {@code from}
   * @param inliers matches that agree
   */
  record Link(int from, int to, Sim3 S_from_to, int inliers) {}

  /** Empty if the places cannot be shown to be one. */
  Optional<Link> link(Place from, Place to) {
    Pairs pairs = pairs(from, to);
    if (pairs.n < config.minInliers()) {
      return Optional.empty();
    }
    Optional<Sim3> rough = ransac(pairs, 31L * from.index() + to.index());
    if (rough.isEmpty()) {
      return Optional.empty();
    }
    Sim3 refined = new PairRefinement(camera, pairs, maxErrorPx).refine(rough.get(), REFINEMENTS);
    int inliers = count(pairs, refined);
    boolean believed =
        inliers >= config.minInliers()
            && inliers >= config.minInlierShare() * pairs.n
            && isSpread(pairs, refined);
    return believed
        ? Optional.of(new Link(from.index(), to.index(), refined, inliers))
        : Optional.empty();
  }

  private Pairs pairs(Place from, Place to) {
    int[] matches = kernels.match(from.features(), to.features(), MAX_DISTANCE_BITS, MAX_RATIO);
    Pairs pairs = new Pairs(matches.length / 2);
    for (int k = 0; k < matches.length; k += 2) {
      pairs.add(from, matches[k], to, matches[k + 1]);
    }
    return pairs;
  }

  private Optional<Sim3> ransac(Pairs pairs, long seed) {
    Random random = new Random(seed);
    Sim3 best = null;
    int most = 0;
    double[] p = new double[9];
    double[] q = new double[9];
    for (int trial = 0; trial < TRIALS; trial++) {
      for (int k = 0; k < 3; k++) {
        int i = random.nextInt(pairs.n);
        System.arraycopy(pairs.to, 3 * i, p, 3 * k, 3);
        System.arraycopy(pairs.from, 3 * i, q, 3 * k, 3);
      }
      Optional<RigidAlignment.Fit> fit = RigidAlignment.similarity(p, q, null);
      if (fit.isEmpty()
          || fit.get().conditioning() < 1e-3
          || !(fit.get().scale() < MAX_SCALE_CHANGE && fit.get().scale() > 1 / MAX_SCALE_CHANGE)) {
        continue;
      }
      Sim3 candidate = new Sim3(fit.get().scale(), fit.get().T_q_p());
      int inliers = count(pairs, candidate);
      if (inliers > most) {
        most = inliers;
        best = candidate;
      }
    }
    return best != null && most >= config.minInliers() / 2 ? Optional.of(best) : Optional.empty();
  }

  private int count(Pairs pairs, Sim3 S_from_to) {
    Sim3 S_to_from = S_from_to.inverse();
    int inliers = 0;
    for (int i = 0; i < pairs.n; i++) {
      inliers += agrees(pairs, i, S_from_to, S_to_from) ? 1 : 0;
    }
    return inliers;
  }

  private boolean agrees(Pairs pairs, int i, Sim3 S_from_to, Sim3 S_to_from) {
    return error(S_from_to, pairs.to, pairs.fromUv, i) < maxErrorPx
        && error(S_to_from, pairs.from, pairs.toUv, i) < maxErrorPx;
  }

  /** Whether the matches that agree are more than one small thing, which may have moved. */
  private boolean isSpread(Pairs pairs, Sim3 S_from_to) {
    Sim3 S_to_from = S_from_to.inverse();
    double minU = Double.POSITIVE_INFINITY;
    double maxU = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < pairs.n; i++) {
      if (agrees(pairs, i, S_from_to, S_to_from)) {
        minU = Math.min(minU, pairs.toUv[2 * i]);
        maxU = Math.max(maxU, pairs.toUv[2 * i]);
      }
    }
    return maxU - minU > 0.3 * camera.width();
  }

  private double error(Sim3 S, double[] points, double[] uv, int i) {
    double[] c = S.transform(points[3 * i], points[3 * i + 1], points[3 * i + 2]);
    if (!(c[2] > 0)) {
      return Double.POSITIVE_INFINITY;
    }
    return Math.hypot(
        camera.fx() * c[0] / c[2] + camera.cx() - uv[2 * i],
        camera.fy() * c[1] / c[2] + camera.cy() - uv[2 * i + 1]);
  }

  /** Matches with known depth on both sides. */
  static final class Pairs {
    int n;
    final double[] from;
    final double[] to;
    final double[] fromUv;
    final double[] toUv;

    Pairs(int capacity) {
      from = new double[3 * capacity];
      to = new double[3 * capacity];
      fromUv = new double[2 * capacity];
      toUv = new double[2 * capacity];
    }

    void add(Place a, int i, Place b, int j) {
      if (Float.isNaN(a.points_cam()[3 * i + 2]) || Float.isNaN(b.points_cam()[3 * j + 2])) {
        return;
      }
      for (int k = 0; k < 3; k++) {
        from[3 * n + k] = a.points_cam()[3 * i + k];
        to[3 * n + k] = b.points_cam()[3 * j + k];
      }
      for (int k = 0; k < 2; k++) {
        fromUv[2 * n + k] = a.features().uv()[2 * i + k];
        toUv[2 * n + k] = b.features().uv()[2 * j + k];
      }
      n++;
    }
  }
}
