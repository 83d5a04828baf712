package dev.parallax.perception.odometry;

import dev.parallax.perception.frame.TurnPrediction;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the camera's pose and every point's inverse depth together from where the points are seen.
 *
 * <p>Minimises sum rho(|z - pi(R r + d t)|^2 / sigma^2) + (d - d0)^2 / var over the pose and the
 * inverse depths d by damped Gauss-Newton; each d appears in one residual only and is eliminated
 * (Schur complement). Solving the pose with depths held fixed would shrink the translation, since
 * they are noisy. Robust kernel: Geman-McClure, its width following the median residual. Where a
 * gyroscope tells how the camera turned, that is one more residual, of the rotation.
 */
final class PoseSolver {
  private static final int MAX_ITERATIONS = 12;
  private static final double MIN_NOISE_PX = 0.25;
  private static final double MAX_NOISE_PX = 3;

  /** A depth that is sought in front of the camera is at most so many times as far as believed. */
  private static final double MIN_SHARE_OF_BELIEVED = 0.01;

  /** What points are held to before their noise is known, pixels. */
  private static final double FIRST_NOISE_PX = 1;

  /** Width of the kernel, and the limit of agreement, in standard deviations. */
  private static final double KERNEL_WIDTH = 3;

  private final PinholeCamera camera;
  private final RollingShutter shutter;
  private final SymmetricSolver solver = new SymmetricSolver(6);
  private final double[] hessian = new double[36];
  private final double[] gradient = new double[6];
  private final double[] step = new double[6];
  private final double[] ju = new double[6];
  private final double[] jv = new double[6];

  // Per point: state and what elimination needs again for back-substitution.
  private final double[] rho;
  private final double[] trial;
  private final double[] pointHessian;
  private final double[] pointGradient;
  private final double[] cross;
  private final double[] information;
  private final double[] residualPx;
  private final double[] squared;
  private final ViewPair[] pairs = new ViewPair[PointTracks.SLOTS]; // by host
  private final double[] twist = new double[6];
  private final PointInView point = new PointInView();
  private final NearestDepth nearest;
  private boolean @Nullable [] leftOut; // null where all points take part
  private @Nullable Se3 R_odom_expected; // null where nothing tells the rotation
  private double turnInformation;

  PoseSolver(PinholeCamera camera, RollingShutter shutter, int capacity) {
    this.camera = camera;
    this.shutter = shutter;
    nearest = new NearestDepth(camera);
    rho = new double[capacity];
    trial = new double[capacity];
    pointHessian = new double[capacity];
    pointGradient = new double[capacity];
    cross = new double[6 * capacity];
    information = new double[capacity];
    residualPx = new double[capacity];
    squared = new double[capacity];
  }

  /**
   * What was found.
   *
   * @param T_cam_odom the pose
   * @param hessian {@code [6 6]} of the pose with the depths eliminated, left perturbation of
   *     T_cam_odom (translation, rotation)
   * @param noisePx robust standard deviation of the residuals, pixels; depths that are free take up
   *     one of the two components, so that it may read 0.57 of the pictures' noise
   * @param inliers how many points agree
   */
  record Solution(Se3 T_cam_odom, double[] hessian, double noisePx, int inliers) {
    /**
     * Whether enough points agree for it to be believed.
     *
     * @param points how many were asked
     * @param minShare of them that must agree
     */
    boolean isReliable(int points, int minInliers, double minShare) {
      return inliers >= minInliers && inliers >= minShare * points && T_cam_odom.isFinite();
    }

    /** The same in another unit of length, the step from a pose that stays being so much longer. */
    Solution lengthened(double factor, Se3 T_key_odom) {
      Se3 T_cam_key = T_cam_odom.times(T_key_odom.inverse());
      double[] scaled = hessian.clone();
      for (int r = 0; r < 6; r++) {
        for (int c = 0; c < 6; c++) {
          scaled[6 * r + c] /= (r < 3 ? factor : 1) * (c < 3 ? factor : 1);
        }
      }
      return new Solution(
          T_cam_key.scaledTranslation(factor).times(T_key_odom), scaled, noisePx, inliers);
    }
  }

  /** As the other, with {@link DepthSide#BELIEVED}. */
  Solution solve(PointTracks points, KeyframeWindow window, Se3 guess, double depthVarianceFactor) {
    return solve(points, window, guess, depthVarianceFactor, DepthSide.BELIEVED);
  }

  /**
   * From here on some points take no part and agree with nothing.
   *
   * @param points marks them; null for none
   */
  void leaveOut(boolean @Nullable [] points) {
    leftOut = points;
  }

  private boolean isLeftOut(int i) {
    return leftOut != null && leftOut[i];
  }

  /**
   * @param depthVarianceFactor multiplies the variance of the believed depths
   * @param side how freely depths follow
   * @return the best pose found from the guess; the depths that go with it are in {@link #rho}
   */
  Solution solve(
      PointTracks points,
      KeyframeWindow window,
      Se3 guess,
      double depthVarianceFactor,
      DepthSide side) {
    System.arraycopy(points.rho, 0, rho, 0, points.count);
    Se3 pose = guess;
    seek(points, window, pose, rho, FIRST_NOISE_PX, depthVarianceFactor, side);
    double noise = noise(points, window, pose, MAX_NOISE_PX);
    double damping = 1e-4;
    double cost = linearise(points, window, pose, noise, depthVarianceFactor);
    for (int iteration = 0; iteration < MAX_ITERATIONS && damping < 1e3; iteration++) {
      if (!solver.solve(hessian, gradient, damping, step)) {
        damping = Math.max(damping, 1e-6) * 10;
        continue;
      }
      Se3 candidate = Se3.exp(step).times(pose);
      backSubstitute(points.count, side);
      seek(points, window, candidate, trial, noise, depthVarianceFactor, side);
      double candidateCost = cost(points, window, candidate, noise, depthVarianceFactor);
      if (!(candidateCost < cost)) {
        damping = Math.max(damping, 1e-6) * 10;
        continue;
      }
      pose = candidate.normalised();
      System.arraycopy(trial, 0, rho, 0, points.count);
      damping = Math.max(damping * 0.2, 1e-9);
      double newNoise = noise(points, window, pose, noise);
      boolean settled =
          cost - candidateCost < 1e-4 * cost && Math.abs(newNoise - noise) < 0.02 * noise;
      noise = newNoise;
      cost = linearise(points, window, pose, noise, depthVarianceFactor);
      if (settled) {
        break;
      }
    }
    // How sure the pose is, the points alone say: a gyroscope's errors last from picture to
    // picture.
    for (int k = 3; k < 6; k++) {
      hessian[7 * k] -= turnInformation;
    }
    return new Solution(pose, hessian.clone(), noise, countInliers(points.count, noise));
  }

  /**
   * As {@link #solve}, but some points do not tell the pose. Afterwards they agree with it if they
   * are seen where it sees them at any depth in front of the camera.
   *
   * @param silent marks them
   */
  Solution solveWithout(
      boolean[] silent,
      PointTracks points,
      KeyframeWindow window,
      Se3 guess,
      double depthVarianceFactor) {
    leaveOut(silent);
    Solution told = solve(points, window, guess, depthVarianceFactor);
    leaveOut(null);
    Se3 pose = told.T_cam_odom();
    hostMotions(window, pose);
    for (int i = 0; i < points.count; i++) {
      rho[i] = silent[i] ? nearest(points, i, DepthSide.AHEAD) : rho[i];
    }
    linearise(points, window, pose, told.noisePx(), depthVarianceFactor);
    int inliers = countInliers(points.count, told.noisePx());
    return new Solution(pose, told.hessian(), told.noisePx(), inliers);
  }

  /**
   * From here on the rotation is held to what a gyroscope measured.
   *
   * @param turn since the previous pose; null for no such measurement
   */
  void expect(@Nullable TurnPrediction turn, Se3 T_prev_odom) {
    R_odom_expected =
        turn == null ? null : turn.R_cur_prev().times(T_prev_odom.rotationOnly()).inverse();
    turnInformation = turn == null ? 0 : 1 / (turn.stdRad() * turn.stdRad());
  }

  /** {@code [3]} how far a pose is turned from what is expected, radians. */
  private double[] turnError(Se3 expected, Se3 T_cam_odom) {
    return T_cam_odom.rotationOnly().times(expected).rotationVector();
  }

  /** Mean robust cost of a pose with the depths as believed, for choosing among guesses. */
  double costOf(PointTracks points, KeyframeWindow window, Se3 pose, double noisePx) {
    System.arraycopy(points.rho, 0, trial, 0, points.count);
    return cost(points, window, pose, noisePx, 1) / Math.max(1, points.count);
  }

  /**
   * Cost at the end of a search, so that searches from several guesses can be compared.
   *
   * @param depths {@code [n]} inverse depths found there
   * @param noisePx one for all that are compared
   */
  double costOf(
      PointTracks points,
      KeyframeWindow window,
      Se3 T_cam_odom,
      double[] depths,
      double depthVarianceFactor,
      double noisePx) {
    System.arraycopy(depths, 0, trial, 0, points.count);
    return cost(points, window, T_cam_odom, noisePx, depthVarianceFactor);
  }

  /** {@code [n]} the inverse depths that go with the last solution, a copy. */
  double[] depths(int n) {
    return Arrays.copyOf(rho, n);
  }

  /** Inverse depth that goes with the last solution. */
  double rho(int i) {
    return rho[i];
  }

  /** Information (1/variance) that the last frame alone gives about a point's inverse depth. */
  double information(int i) {
    return information[i];
  }

  /** Whether a point agrees with the last solution. */
  boolean isInlier(int i, double noisePx) {
    return residualPx[i] < KERNEL_WIDTH * noisePx;
  }

  private int countInliers(int n, double noise) {
    int inliers = 0;
    for (int i = 0; i < n; i++) {
      if (isInlier(i, noise)) {
        inliers++;
      }
    }
    return inliers;
  }

  private void backSubstitute(int n, DepthSide side) {
    for (int i = 0; i < n; i++) {
      double g = pointGradient[i];
      for (int k = 0; k < 6; k++) {
        g -= cross[6 * i + k] * step[k];
      }
      double next = rho[i] + g / pointHessian[i];
      // Inverse depth stays positive; a point may approach infinity but not pass it.
      trial[i] = side == DepthSide.EITHER_SIDE ? next : Math.max(next, 0.1 * rho[i]);
    }
  }

  /**
   * Puts points that disagree where they agree best, if that costs less. By small steps they would
   * not get there: the kernel all but leaves out what is seen far from where it is believed.
   */
  private void seek(
      PointTracks points,
      KeyframeWindow window,
      Se3 pose,
      double[] depths,
      double noise,
      double depthVarianceFactor,
      DepthSide side) {
    if (side == DepthSide.BELIEVED) {
      return;
    }
    hostMotions(window, pose);
    for (int i = 0; i < points.count; i++) {
      double r2 = squaredResidual(points, i, depths[i]) / (noise * noise);
      if (isLeftOut(i) || r2 < KERNEL_WIDTH * KERNEL_WIDTH) {
        continue;
      }
      double d = nearest(points, i, side);
      double variance = points.variance[i] * depthVarianceFactor;
      double before = depths[i] - points.rho[i];
      double after = d - points.rho[i];
      double r2After = squaredResidual(points, i, d) / (noise * noise);
      if (robust(r2After) + after * after / variance < robust(r2) + before * before / variance) {
        depths[i] = d;
      }
    }
  }

  private double nearest(PointTracks points, int i, DepthSide side) {
    double d = nearestDepth(points, i);
    double believed = points.rho[i];
    if (Double.isNaN(d)) {
      return believed;
    }
    return side == DepthSide.EITHER_SIDE ? d : Math.max(d, MIN_SHARE_OF_BELIEVED * believed);
  }

  /** Between the poses that were looked at last. */
  private double nearestDepth(PointTracks points, int i) {
    int host = points.host[i];
    double hostS = shutter.rowS(points.seen[host][2 * i + 1]);
    return nearest.of(points, i, pairs[host], hostS, shutter.rowS(points.uv[2 * i + 1]));
  }

  /**
   * {@code [n]} inverse depths at which points are seen best from a pose, negative behind the
   * camera; NaN for those left out and where the pose does not tell.
   */
  double[] nearestDepths(PointTracks points, KeyframeWindow window, Se3 T_cam_odom) {
    hostMotions(window, T_cam_odom);
    double[] depths = new double[points.count];
    for (int i = 0; i < points.count; i++) {
      depths[i] = isLeftOut(i) ? Double.NaN : nearestDepth(points, i);
    }
    return depths;
  }

  /** Geman-McClure of a squared residual over its variance. */
  private static double robust(double r2) {
    return r2 / (1 + r2 / (KERNEL_WIDTH * KERNEL_WIDTH));
  }

  private void hostMotions(KeyframeWindow window, Se3 T_cam_odom) {
    for (Keyframe keyframe : window.keyframes()) {
      Se3 T_cam_host = T_cam_odom.times(keyframe.T_cam_odom().inverse());
      pairs[keyframe.slot()] = ViewPair.of(T_cam_host, keyframe.twist(), twist);
    }
    shutter.twist(T_cam_odom, twist);
  }

  /** Standard deviation of one residual component, from the median length. */
  private double noise(PointTracks points, KeyframeWindow window, Se3 pose, double atMost) {
    hostMotions(window, pose);
    int n = 0;
    for (int i = 0; i < points.count; i++) {
      double e2 = isLeftOut(i) ? 1e9 : squaredResidual(points, i, rho[i]);
      if (e2 < 1e8) {
        squared[n++] = e2;
      }
    }
    if (n == 0) {
      return MAX_NOISE_PX;
    }
    // The median of a Rayleigh variable is 1.1774 sigma.
    double sigma = Math.sqrt(OrderStatistic.median(squared, n)) / 1.1774;
    return Math.max(Math.min(sigma, atMost), MIN_NOISE_PX);
  }

  private boolean place(PointTracks points, int i, double d) {
    int host = points.host[i];
    return point.place(
        points,
        i,
        d,
        pairs[host],
        shutter.rowS(points.seen[host][2 * i + 1]),
        shutter.rowS(points.uv[2 * i + 1]));
  }

  private double squaredResidual(PointTracks points, int i, double d) {
    if (!place(points, i, d)) {
      return 1e9;
    }
    double eu = points.uv[2 * i] - (camera.fx() * point.px / point.pz + camera.cx());
    double ev = points.uv[2 * i + 1] - (camera.fy() * point.py / point.pz + camera.cy());
    return eu * eu + ev * ev;
  }

  private double cost(
      PointTracks points,
      KeyframeWindow window,
      Se3 pose,
      double noise,
      double depthVarianceFactor) {
    hostMotions(window, pose);
    double sum = 0;
    for (int i = 0; i < points.count; i++) {
      if (isLeftOut(i)) {
        continue;
      }
      double r2 = squaredResidual(points, i, trial[i]) / (noise * noise);
      double d = trial[i] - points.rho[i];
      sum += robust(r2) + d * d / (points.variance[i] * depthVarianceFactor);
    }
    if (R_odom_expected != null) {
      for (double e : turnError(R_odom_expected, pose)) {
        sum += turnInformation * e * e;
      }
    }
    return sum;
  }

  /** Fills the reduced normal equations at the pose; returns the cost there. */
  private double linearise(
      PointTracks points,
      KeyframeWindow window,
      Se3 pose,
      double noise,
      double depthVarianceFactor) {
    hostMotions(window, pose);
    Arrays.fill(hessian, 0);
    Arrays.fill(gradient, 0);
    double sum = 0;
    for (int i = 0; i < points.count; i++) {
      double priorInformation = 1 / (points.variance[i] * depthVarianceFactor);
      double priorError = points.rho[i] - rho[i];
      sum += isLeftOut(i) ? 0 : priorError * priorError * priorInformation;
      sum += addPoint(points, i, 1 / (noise * noise), priorInformation, priorError);
    }
    for (int k = 0; k < 6; k++) {
      for (int l = 0; l < k; l++) {
        hessian[6 * k + l] = hessian[6 * l + k];
      }
    }
    if (R_odom_expected != null) {
      sum += addTurn(turnError(R_odom_expected, pose));
    }
    return sum;
  }

  /** A left perturbation by a small turn w adds w to the error. */
  private double addTurn(double[] error) {
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      hessian[7 * (k + 3)] += turnInformation;
      gradient[k + 3] -= turnInformation * error[k];
      sum += turnInformation * error[k] * error[k];
    }
    return sum;
  }

  private double addPoint(
      PointTracks points, int i, double inverseNoise2, double priorInformation, double priorError) {
    double d = rho[i];
    double[] t = pairs[points.host[i]].translation();
    double width2 = KERNEL_WIDTH * KERNEL_WIDTH;
    if (isLeftOut(i) || !place(points, i, d)) {
      residualPx[i] = 1e4;
      information[i] = 0;
      pointHessian[i] = priorInformation;
      pointGradient[i] = priorError * priorInformation;
      Arrays.fill(cross, 6 * i, 6 * i + 6, 0);
      return isLeftOut(i) ? 0 : width2;
    }
    double iz = 1 / point.pz;
    double a = point.px * iz;
    double b = point.py * iz;
    double eu = points.uv[2 * i] - (camera.fx() * a + camera.cx());
    double ev = points.uv[2 * i + 1] - (camera.fy() * b + camera.cy());
    double e2 = eu * eu + ev * ev;
    residualPx[i] = Math.sqrt(e2);
    double kernel = 1 + e2 * inverseNoise2 / width2;
    double w = inverseNoise2 / (kernel * kernel);
    PoseJacobian.fill(camera, d, point.px, point.py, point.pz, ju, jv);
    double du = camera.fx() * iz * (t[0] - a * t[2]);
    double dv = camera.fy() * iz * (t[1] - b * t[2]);
    information[i] = w * (du * du + dv * dv);
    double h = information[i] + priorInformation;
    double g = w * (du * eu + dv * ev) + priorError * priorInformation;
    pointHessian[i] = h;
    pointGradient[i] = g;
    for (int k = 0; k < 6; k++) {
      double c = w * (ju[k] * du + jv[k] * dv);
      cross[6 * i + k] = c;
      gradient[k] += w * (ju[k] * eu + jv[k] * ev) - c * g / h;
    }
    for (int k = 0; k < 6; k++) {
      double ck = cross[6 * i + k] / h;
      double wu = w * ju[k];
      double wv = w * jv[k];
      for (int l = k; l < 6; l++) {
        hessian[6 * k + l] += wu * ju[l] + wv * jv[l] - ck * cross[6 * i + l];
      }
    }
    return e2 * inverseNoise2 / kernel;
  }
}
