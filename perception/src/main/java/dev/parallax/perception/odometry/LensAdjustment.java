package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bundle adjustment of a few views: poses and inverse depths under a given focal length, or the
 * focal length and the first radial coefficient k1 (Brown 1966) along with them. The depths are
 * eliminated (Schur complement), Gauss-Newton with Levenberg's damping, Geman-McClure weights. The
 * first view stays; the unit of length is left to the damping. Keeps what it found from one lens to
 * the next, which begins near.
 *
 * <p>With a = x/z, b = y/z, s = a^2 + b^2 a point is seen at u = f a (1 + k1 s) + cx, v alike.
 */
final class LensAdjustment {
  private static final int ITERATIONS = 8;

  /** Kernels to begin with, wide ones first, over the one to end with. */
  private static final int[] KERNELS = {64, 16, 4};

  /** Where a residual counts a quarter, at 640 pixels' width. */
  private static final double KERNEL_OF_WIDTH = 2.0 / 640;

  private static final double MIN_DEPTH_SHARE = 0.02;
  private static final double MIN_RHO_SHARE = 1e-3;

  /** How steeply the picture's radius has to rise with the ray's slope: near 0 it folds. */
  private static final double MIN_STEEPNESS = 0.05;

  private static final int UNBEND_ITERATIONS = 20;

  private final FocalViews views;
  private final boolean lensIsFree;
  private final int lensAt; // where the lens stands in the equations, after the poses
  private final int n;
  private final double aspect; // fy / fx, as assumed
  private final Se3[] poses;
  private final double[] rho;
  private double kernel2;
  private final double[] h;
  private final double[] g;
  private final double[] ju = new double[6];
  private final double[] jv = new double[6];
  private final SymmetricSolver solver;
  private final double[] hostX; // slopes of the hosts' rays under the present lens
  private final double[] hostY;
  private final double[] lu = new double[LensDoubt.PARAMETERS];
  private final double[] lv = new double[LensDoubt.PARAMETERS];
  private double focal;
  private double k1;
  private double damping;
  private final double[][] coupling; // of each point's depth with the other unknowns
  private final double[] hRho;
  private final double[] gRho;
  private double px;
  private double py;
  private double pz;
  private double a;
  private double b;
  private double ru;
  private double rv;

  /**
   * @param lensIsFree whether the lens is adjusted along with poses and depths
   */
  LensAdjustment(FocalViews views, boolean lensIsFree) {
    this.views = views;
    this.lensIsFree = lensIsFree;
    lensAt = 6 * (views.T_view_odom().size() - 1);
    n = lensAt + (lensIsFree ? LensDoubt.PARAMETERS : 0);
    aspect = views.camera().fy() / views.camera().fx();
    poses = new Se3[views.T_view_odom().size()];
    Se3 T_odom_first = views.T_view_odom().get(0).inverse();
    for (int k = 0; k < poses.length; k++) {
      poses[k] = views.T_view_odom().get(k).times(T_odom_first);
    }
    rho = views.rho().clone();
    double kernel = KERNEL_OF_WIDTH * views.camera().width();
    kernel2 = kernel * kernel;
    h = new double[n * n];
    g = new double[n];
    solver = new SymmetricSolver(n);
    focal = views.camera().fx();
    coupling = new double[views.count()][n];
    hRho = new double[views.count()];
    gRho = new double[views.count()];
    hostX = new double[views.count()];
    hostY = new double[views.count()];
    aim();
  }

  private LensAdjustment(LensAdjustment other) {
    this(other.views, other.lensIsFree);
    System.arraycopy(other.poses, 0, poses, 0, poses.length);
    System.arraycopy(other.rho, 0, rho, 0, rho.length);
    focal = other.focal;
    k1 = other.k1;
    aim();
  }

  /** One that goes on from where this one is. */
  LensAdjustment copy() {
    return new LensAdjustment(this);
  }

  /**
   * Finds poses and depths under a focal length, without distortion, or from there on the lens too.
   *
   * @return what the residuals cost then
   */
  double fit(double newFocal) {
    return fit(newFocal, 0);
  }

  /** As {@link #fit(double)}, under a radial coefficient as well. */
  double fit(double newFocal, double newK1) {
    bend(newFocal / focal);
    focal = newFocal;
    k1 = newK1;
    aim();
    damping = 1e-3;
    double cost = cost();
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      cost = step(cost);
    }
    return cost;
  }

  /**
   * As {@link #fit(double)}, without what was believed of ways and depths, and of which points
   * agree: all are taken to be equally far and seen from one place at first, and the kernel begins
   * wide.
   */
  double fitAnew(double newFocal) {
    bend(newFocal / focal);
    focal = newFocal;
    k1 = 0;
    aim();
    Arrays.fill(rho, OrderStatistic.median(rho.clone(), rho.length));
    for (int k = 0; k < poses.length; k++) {
      poses[k] = Se3.of(poses[k].rotation(), new double[3]);
    }
    double narrow2 = kernel2;
    for (int width : KERNELS) {
      kernel2 = narrow2 * width * width;
      goOn();
    }
    kernel2 = narrow2;
    return goOn();
  }

  /** Goes on from where it is. */
  double goOn() {
    return fit(focal, k1);
  }

  double focalPx() {
    return focal;
  }

  double k1() {
    return k1;
  }

  /**
   * How much the residuals tell of the log of the focal length and of k1, poses and depths free.
   *
   * @return {@code [2 2]} the Hessian of half the cost, residuals in pixels; empty if they do not
   *     tell even the poses
   */
  Optional<double[]> lensHessian() {
    damping = 0;
    linearise();
    double[] poseHessian = new double[lensAt * lensAt];
    for (int r = 0; r < lensAt; r++) {
      System.arraycopy(h, r * n, poseHessian, r * lensAt, lensAt);
    }
    SymmetricSolver poseSolver = new SymmetricSolver(lensAt);
    double[] result = new double[LensDoubt.PARAMETERS * LensDoubt.PARAMETERS];
    for (int m = 0; m < LensDoubt.PARAMETERS; m++) {
      double[] right = Arrays.copyOfRange(h, (lensAt + m) * n, (lensAt + m) * n + lensAt);
      double[] solved = new double[lensAt];
      if (!poseSolver.solve(poseHessian, right, LensEquations.DAMPING, solved)) {
        return Optional.empty();
      }
      for (int k = 0; k < LensDoubt.PARAMETERS; k++) {
        double through = 0;
        for (int c = 0; c < lensAt; c++) {
          through += h[(lensAt + k) * n + c] * solved[c];
        }
        result[LensDoubt.PARAMETERS * m + k] = h[(lensAt + m) * n + lensAt + k] - through;
      }
    }
    return Optional.of(result);
  }

  /** Sets the hosts' rays under the present lens; NaN where it does not let any through there. */
  private void aim() {
    PinholeCamera camera = camera();
    for (int i = 0; i < hostX.length; i++) {
      float[] hosted = views.uv()[views.host()[i]];
      hostX[i] = (hosted[2 * i] - camera.cx()) / camera.fx();
      hostY[i] = (hosted[2 * i + 1] - camera.cy()) / camera.fy();
      if (k1 != 0) {
        double r = Math.hypot(hostX[i], hostY[i]);
        double straight = unbent(r) / Math.max(r, 1e-12);
        hostX[i] *= straight;
        hostY[i] *= straight;
      }
    }
  }

  /** The slope of the ray that is seen at a radius: Newton on r (1 + k1 r^2). */
  private double unbent(double seen) {
    double r = seen;
    for (int k = 0; k < UNBEND_ITERATIONS; k++) {
      double steepness = steepness(r * r);
      if (steepness < MIN_STEEPNESS) {
        return Double.NaN;
      }
      r -= (r * (1 + k1 * r * r) - seen) / steepness;
    }
    return r;
  }

  /** d(r (1 + k1 s))/dr, s the square of r. */
  private double steepness(double s) {
    return 1 + 3 * k1 * s;
  }

  /** What the same pictures look like to a camera with another focal length, to first order. */
  private void bend(double ratio) {
    for (int k = 0; k < poses.length; k++) {
      double[] r = poses[k].rotationVector();
      double[] t = poses[k].translation();
      Se3 turn = Se3.exp(new double[] {0, 0, 0, r[0] / ratio, r[1] / ratio, r[2]});
      poses[k] = Se3.of(turn.rotation(), new double[] {t[0] / ratio, t[1] / ratio, t[2]});
    }
  }

  private double step(double before) {
    linearise();
    double[] x = new double[n];
    if (!solver.solve(h, g, damping, x)) {
      damping *= 10;
      return before;
    }
    Se3[] oldPoses = poses.clone();
    double[] oldRho = rho.clone();
    double oldFocal = focal;
    double oldK1 = k1;
    update(x);
    double after = cost();
    if (after < before) {
      damping = Math.max(1e-7, damping / 5);
      return after;
    }
    System.arraycopy(oldPoses, 0, poses, 0, poses.length);
    System.arraycopy(oldRho, 0, rho, 0, rho.length);
    if (lensIsFree) {
      focal = oldFocal;
      k1 = oldK1;
      aim();
    }
    damping *= 8;
    return before;
  }

  /** Sets the equations at the present poses, depths and lens. */
  private void linearise() {
    Arrays.fill(h, 0);
    Arrays.fill(g, 0);
    Arrays.fill(hRho, 0);
    Arrays.fill(gRho, 0);
    PinholeCamera camera = camera();
    for (int i = 0; i < views.count(); i++) {
      Arrays.fill(coupling[i], 0);
      accumulate(i, camera, coupling[i]);
      eliminate(coupling[i], hRho[i], gRho[i]);
    }
  }

  private void update(double[] x) {
    for (int k = 1; k < poses.length; k++) {
      poses[k] = Se3.exp(Arrays.copyOfRange(x, 6 * (k - 1), 6 * k)).times(poses[k]).normalised();
    }
    for (int i = 0; i < rho.length; i++) {
      double right = gRho[i];
      for (int c = 0; c < n; c++) {
        right -= coupling[i][c] * x[c];
      }
      double least = MIN_RHO_SHARE * views.rho()[i];
      rho[i] = Math.max(least, rho[i] + right / (hRho[i] * (1 + damping) + 1e-12));
    }
    if (lensIsFree) {
      focal *= Math.exp(x[lensAt]);
      k1 += x[lensAt + 1];
      aim();
    }
  }

  /** Adds {@code J'J} and {@code -J'r} of one point in all views that see it. */
  private void accumulate(int i, PinholeCamera camera, double[] coupling) {
    int host = views.host()[i];
    for (int view = 0; view < poses.length; view++) {
      if (view == host || !views.isSeen(view, i)) {
        continue;
      }
      Se3 T = relative(view, host);
      if (!place(i, view, T)) {
        continue;
      }
      double s = kernel2 / (kernel2 + ru * ru + rv * rv);
      double w = s * s;
      double straightU = camera.fx() / pz * (T.tx() - px / pz * T.tz());
      double straightV = camera.fy() / pz * (T.ty() - py / pz * T.tz());
      double du = bentU(straightU, straightV);
      double dv = bentV(straightU, straightV);
      hRho[i] += w * (du * du + dv * dv);
      gRho[i] -= w * (du * ru + dv * rv);
      PoseJacobian.fill(camera, rho[i], px, py, pz, ju, jv);
      for (int c = 0; c < 6; c++) {
        straightU = ju[c];
        ju[c] = bentU(straightU, jv[c]);
        jv[c] = bentV(straightU, jv[c]);
      }
      addPose(view, w, du, dv, coupling);
      if (host > 0) {
        addHost(view, host, w, du, dv, coupling, T);
      }
      if (lensIsFree) {
        addLens(i, view, host, camera, w, du, dv, coupling, T);
      }
    }
  }

  /** Sets the point in a view's axes times inverse depth, and its residual; false if behind. */
  private boolean place(int i, int view, Se3 T_view_host) {
    double x = hostX[i];
    double y = hostY[i];
    Se3 T = T_view_host;
    px = T.r(0, 0) * x + T.r(0, 1) * y + T.r(0, 2) + rho[i] * T.tx();
    py = T.r(1, 0) * x + T.r(1, 1) * y + T.r(1, 2) + rho[i] * T.ty();
    pz = T.r(2, 0) * x + T.r(2, 1) * y + T.r(2, 2) + rho[i] * T.tz();
    a = px / pz;
    b = py / pz;
    double s = a * a + b * b;
    double gain = 1 + k1 * s;
    ru = focal * px / pz * gain + views.camera().cx() - views.uv()[view][2 * i];
    rv = aspect * focal * py / pz * gain + views.camera().cy() - views.uv()[view][2 * i + 1];
    return pz > MIN_DEPTH_SHARE && steepness(s) > MIN_STEEPNESS;
  }

  /** How a pixel moves in the bent picture where it would move so in one that is not. */
  private double bentU(double du, double dv) {
    return (1 + k1 * (3 * a * a + b * b)) * du + 2 * k1 * a * b / aspect * dv;
  }

  private double bentV(double du, double dv) {
    return 2 * k1 * a * b * aspect * du + (1 + k1 * (a * a + 3 * b * b)) * dv;
  }

  /**
   * A longer focal length or more distortion moves the pixel outwards and, of the host's pixel as
   * it is, the ray inwards.
   */
  private void addLens(
      int i,
      int view,
      int host,
      PinholeCamera camera,
      double w,
      double du,
      double dv,
      double[] coupling,
      Se3 T) {
    double x = hostX[i];
    double y = hostY[i];
    double s = x * x + y * y;
    double here = a * a + b * b;
    double turnedX = T.r(0, 0) * x + T.r(0, 1) * y;
    double turnedY = T.r(1, 0) * x + T.r(1, 1) * y;
    double turnedZ = T.r(2, 0) * x + T.r(2, 1) * y;
    double outU = camera.fx() / pz * (turnedX - a * turnedZ);
    double outV = camera.fy() / pz * (turnedY - b * turnedZ);
    for (int m = 0; m < LensDoubt.PARAMETERS; m++) {
      double out = m == 0 ? 1 + k1 * here : here;
      double in = (m == 0 ? 1 + k1 * s : s) / steepness(s);
      lu[m] = camera.fx() * a * out - in * bentU(outU, outV);
      lv[m] = camera.fy() * b * out - in * bentV(outU, outV);
      g[lensAt + m] -= w * (lu[m] * ru + lv[m] * rv);
      coupling[lensAt + m] += w * (lu[m] * du + lv[m] * dv);
      for (int k = 0; k <= m; k++) {
        double product = w * (lu[m] * lu[k] + lv[m] * lv[k]);
        h[(lensAt + m) * n + lensAt + k] += product;
        h[(lensAt + k) * n + lensAt + m] += k < m ? product : 0;
      }
      if (view > 0) {
        addBeside(m, view, w, ju, jv);
      }
      if (host > 0) {
        addBeside(m, host, w, throughAdjoint(ju, T), throughAdjoint(jv, T));
      }
    }
  }

  private void addBeside(int m, int view, double w, double[] u, double[] v) {
    int at = 6 * (view - 1);
    for (int c = 0; c < 6; c++) {
      double product = w * (lu[m] * u[c] + lv[m] * v[c]);
      h[(lensAt + m) * n + at + c] += product;
      h[(at + c) * n + lensAt + m] += product;
    }
  }

  private void addPose(int view, double w, double du, double dv, double[] coupling) {
    if (view == 0) {
      return;
    }
    int at = 6 * (view - 1);
    for (int r = 0; r < 6; r++) {
      g[at + r] -= w * (ju[r] * ru + jv[r] * rv);
      coupling[at + r] += w * (ju[r] * du + jv[r] * dv);
      for (int c = 0; c < 6; c++) {
        h[(at + r) * n + at + c] += w * (ju[r] * ju[c] + jv[r] * jv[c]);
      }
    }
  }

  /** The host moves the other way: T_view_host exp(-d) = exp(-Ad d) T_view_host. */
  private void addHost(
      int view, int host, double w, double du, double dv, double[] coupling, Se3 T) {
    double[] hu = throughAdjoint(ju, T);
    double[] hv = throughAdjoint(jv, T);
    int at = 6 * (host - 1);
    for (int r = 0; r < 6; r++) {
      g[at + r] -= w * (hu[r] * ru + hv[r] * rv);
      coupling[at + r] += w * (hu[r] * du + hv[r] * dv);
      for (int c = 0; c < 6; c++) {
        h[(at + r) * n + at + c] += w * (hu[r] * hu[c] + hv[r] * hv[c]);
        if (view > 0) {
          double cross = w * (hu[r] * ju[c] + hv[r] * jv[c]);
          int to = 6 * (view - 1);
          h[(at + r) * n + to + c] += cross;
          h[(to + c) * n + at + r] += cross;
        }
      }
    }
  }

  /** {@code -j Ad(T)} over (translation, rotation). */
  private static double[] throughAdjoint(double[] j, Se3 T) {
    double[] out = new double[6];
    double[] t = T.translation();
    // j [t]x, row vector: (j x t) components
    double[] jt = {j[1] * t[2] - j[2] * t[1], j[2] * t[0] - j[0] * t[2], j[0] * t[1] - j[1] * t[0]};
    for (int c = 0; c < 3; c++) {
      for (int r = 0; r < 3; r++) {
        out[c] -= j[r] * T.r(r, c);
        out[c + 3] -= (j[r + 3] + jt[r]) * T.r(r, c);
      }
    }
    return out;
  }

  private void eliminate(double[] coupling, double hRho, double gRho) {
    double inverse = 1 / (hRho * (1 + damping) + 1e-12);
    for (int r = 0; r < n; r++) {
      if (coupling[r] != 0) {
        g[r] -= coupling[r] * inverse * gRho;
        for (int c = 0; c < n; c++) {
          h[r * n + c] -= coupling[r] * inverse * coupling[c];
        }
      }
    }
  }

  private Se3 relative(int view, int host) {
    return poses[view].times(poses[host].inverse());
  }

  private PinholeCamera camera() {
    PinholeCamera c = views.camera();
    return new PinholeCamera(c.width(), c.height(), focal, aspect * focal, c.cx(), c.cy());
  }

  private double cost() {
    double cost = 0;
    for (int i = 0; i < views.count(); i++) {
      cost += pointCost(i, null, 0);
    }
    return cost;
  }

  /** Variance of one coordinate of a residual, pixels squared, by the median. */
  double noiseVariance() {
    double[] all = new double[views.count() * poses.length];
    int[] count = {0};
    for (int i = 0; i < views.count(); i++) {
      double unused = pointCost(i, all, count[0]);
      for (int view = 0; view < poses.length; view++) {
        count[0] += view != views.host()[i] && views.isSeen(view, i) ? 1 : 0;
      }
    }
    // The median of a squared length of two normal coordinates is 2 ln 2 of the variance.
    return count[0] == 0 ? Double.NaN : OrderStatistic.median(all, count[0]) / (2 * Math.log(2));
  }

  /** Geman-McClure: about the squared residual while that is small. */
  private double pointCost(int i, double @Nullable [] squares, int from) {
    int host = views.host()[i];
    double cost = 0;
    int at = from;
    for (int view = 0; view < poses.length; view++) {
      if (view == host || !views.isSeen(view, i)) {
        continue;
      }
      boolean inFront = place(i, view, relative(view, host));
      double r2 = inFront ? ru * ru + rv * rv : Double.MAX_VALUE;
      cost += kernel2 * (r2 >= 1e9 ? 1 : r2 / (kernel2 + r2));
      if (squares != null) {
        squares[at++] = r2;
      }
    }
    return cost;
  }
}
