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
 */
final class LensAdjustment {
  private static final int ITERATIONS = 8;

  /** Kernels to begin with, wide ones first, over the one to end with. */
  private static final int[] KERNELS = {64, 16, 4};

  /** Where a residual counts a quarter, at 640 pixels' width. */
  private static final double KERNEL_OF_WIDTH = 2.0 / 640;

  private static final double MIN_RHO_SHARE = 1e-3;

  /** Of the focal length that is looked for over the one that was assumed, either way. */
  private static final double MAX_FOCAL_RATIO = 4;

  private static final double MAX_K1 = 4;

  private final FocalViews views;
  private final boolean lensIsFree;
  private final int lensAt; // where the lens stands in the equations, after the poses
  private final int n;
  private final Se3[] poses;
  private final double[] rho;
  private final double[] hostX; // slopes of the hosts' rays under the present lens
  private final double[] hostY;
  private final SchurEquations equations;
  private final BentReprojection seen = new BentReprojection();
  private BentLens lens;
  private double kernel2;
  private double damping;

  /**
   * @param lensIsFree whether the lens is adjusted along with poses and depths
   */
  LensAdjustment(FocalViews views, boolean lensIsFree) {
    this.views = views;
    this.lensIsFree = lensIsFree;
    lensAt = 6 * (views.T_view_odom().size() - 1);
    n = lensAt + (lensIsFree ? LensDoubt.PARAMETERS : 0);
    poses = new Se3[views.T_view_odom().size()];
    Se3 T_odom_first = views.T_view_odom().get(0).inverse();
    for (int k = 0; k < poses.length; k++) {
      poses[k] = views.T_view_odom().get(k).times(T_odom_first);
    }
    rho = views.rho().clone();
    double kernel = KERNEL_OF_WIDTH * views.camera().width();
    kernel2 = kernel * kernel;
    equations = new SchurEquations(n, views.count());
    lens = BentLens.straight(views.camera());
    hostX = new double[views.count()];
    hostY = new double[views.count()];
    aim();
  }

  private LensAdjustment(LensAdjustment other) {
    this(other.views, other.lensIsFree);
    System.arraycopy(other.poses, 0, poses, 0, poses.length);
    System.arraycopy(other.rho, 0, rho, 0, rho.length);
    lens = other.lens;
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
    bend(newFocal / lens.focalPx());
    lens = lens.with(newFocal, newK1);
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
    bend(newFocal / lens.focalPx());
    lens = lens.with(newFocal, 0);
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
    return fit(lens.focalPx(), lens.k1());
  }

  double focalPx() {
    return lens.focalPx();
  }

  double k1() {
    return lens.k1();
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
    int lensSize = LensDoubt.PARAMETERS;
    double[] poseHessian = equations.hessian(0, lensAt, 0, lensAt);
    double[] lensHessian = equations.hessian(lensAt, lensSize, lensAt, lensSize);
    SymmetricSolver poseSolver = new SymmetricSolver(lensAt);
    double[] solved = new double[lensAt];
    for (int m = 0; m < lensSize; m++) {
      double[] right = equations.hessian(lensAt + m, 1, 0, lensAt);
      if (!poseSolver.solve(poseHessian, right, LensEquations.DAMPING, solved)) {
        return Optional.empty();
      }
      for (int k = 0; k < lensSize; k++) {
        double[] row = equations.hessian(lensAt + k, 1, 0, lensAt);
        double through = 0;
        for (int c = 0; c < lensAt; c++) {
          through += row[c] * solved[c];
        }
        lensHessian[lensSize * m + k] -= through;
      }
    }
    return Optional.of(lensHessian);
  }

  /** Sets the hosts' rays under the present lens; NaN where it does not let any through there. */
  private void aim() {
    PinholeCamera camera = lens.camera();
    for (int i = 0; i < hostX.length; i++) {
      float[] hosted = views.uv()[views.host()[i]];
      hostX[i] = (hosted[2 * i] - camera.cx()) / camera.fx();
      hostY[i] = (hosted[2 * i + 1] - camera.cy()) / camera.fy();
      if (lens.k1() != 0) {
        double r = Math.hypot(hostX[i], hostY[i]);
        double straight = lens.unbent(r) / Math.max(r, 1e-12);
        hostX[i] *= straight;
        hostY[i] *= straight;
      }
    }
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

  /** Where the pictures do not tell the lens, a step may lead to one that cannot be. */
  private boolean staysLens(double[] x) {
    if (!lensIsFree) {
      return true;
    }
    double focalPx = lens.focalPx() * Math.exp(x[lensAt]);
    double ratio = focalPx / views.camera().fx();
    return ratio < MAX_FOCAL_RATIO
        && ratio > 1 / MAX_FOCAL_RATIO
        && Math.abs(lens.k1() + x[lensAt + 1]) < MAX_K1;
  }

  private double step(double before) {
    linearise();
    double[] x = new double[n];
    if (!equations.solve(damping, x) || !staysLens(x)) {
      damping *= 10;
      return before;
    }
    Se3[] oldPoses = poses.clone();
    double[] oldRho = rho.clone();
    BentLens oldLens = lens;
    update(x);
    double after = cost();
    if (after < before) {
      damping = Math.max(1e-7, damping / 5);
      return after;
    }
    System.arraycopy(oldPoses, 0, poses, 0, poses.length);
    System.arraycopy(oldRho, 0, rho, 0, rho.length);
    if (lensIsFree) {
      lens = oldLens;
      aim();
    }
    damping *= 8;
    return before;
  }

  /** Sets the equations at the present poses, depths and lens. */
  private void linearise() {
    equations.clear();
    for (int i = 0; i < views.count(); i++) {
      for (int view = 0; view < poses.length; view++) {
        if (view != views.host()[i] && views.isSeen(view, i)) {
          accumulate(i, view, views.host()[i]);
        }
      }
      equations.eliminate(i, damping);
    }
  }

  private void update(double[] x) {
    for (int k = 1; k < poses.length; k++) {
      poses[k] = Se3.exp(Arrays.copyOfRange(x, 6 * (k - 1), 6 * k)).times(poses[k]).normalised();
    }
    for (int i = 0; i < rho.length; i++) {
      double least = MIN_RHO_SHARE * views.rho()[i];
      rho[i] = Math.max(least, rho[i] + equations.depthChange(i, x, damping));
    }
    if (lensIsFree) {
      lens = lens.with(lens.focalPx() * Math.exp(x[lensAt]), lens.k1() + x[lensAt + 1]);
      aim();
    }
  }

  /** Adds {@code J'J} and {@code -J'r} of one point in one view. The first view stays. */
  private void accumulate(int i, int view, int host) {
    Se3 T_view_host = relative(view, host);
    if (!place(i, view, T_view_host)) {
      return;
    }
    double w = weight(seen.residualU, seen.residualV);
    seen.differentiate(lens, T_view_host, rho[i]);
    equations.addDepth(i, w, seen);
    int viewAt = 6 * (view - 1);
    int hostAt = 6 * (host - 1);
    if (view > 0) {
      equations.add(i, w, seen, viewAt, seen.viewU, seen.viewV);
    }
    if (host > 0) {
      equations.add(i, w, seen, hostAt, seen.hostU, seen.hostV);
    }
    if (view > 0 && host > 0) {
      equations.addBeside(w, hostAt, seen.hostU, seen.hostV, viewAt, seen.viewU, seen.viewV);
    }
    if (lensIsFree) {
      seen.differentiateByLens(lens, T_view_host, hostX[i], hostY[i]);
      equations.add(i, w, seen, lensAt, seen.lensU, seen.lensV);
      if (view > 0) {
        equations.addBeside(w, lensAt, seen.lensU, seen.lensV, viewAt, seen.viewU, seen.viewV);
      }
      if (host > 0) {
        equations.addBeside(w, lensAt, seen.lensU, seen.lensV, hostAt, seen.hostU, seen.hostV);
      }
    }
  }

  /** Of Geman and McClure. */
  private double weight(double u, double v) {
    double s = kernel2 / (kernel2 + u * u + v * v);
    return s * s;
  }

  private boolean place(int i, int view, Se3 T_view_host) {
    float[] uv = views.uv()[view];
    return seen.place(lens, T_view_host, hostX[i], hostY[i], rho[i], uv[2 * i], uv[2 * i + 1]);
  }

  private Se3 relative(int view, int host) {
    return poses[view].times(poses[host].inverse());
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
      double u = seen.residualU;
      double v = seen.residualV;
      double r2 = inFront ? u * u + v * v : Double.MAX_VALUE;
      cost += kernel2 * (r2 >= 1e9 ? 1 : r2 / (kernel2 + r2));
      if (squares != null) {
        squares[at++] = r2;
      }
    }
    return cost;
  }
}
