package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bundle adjustment of a few views under a given focal length: poses and inverse depths, the depths
 * eliminated (Schur complement), Gauss-Newton with Levenberg's damping, Geman-McClure weights. The
 * first view stays; the unit of length is left to the damping. Keeps what it found from one focal
 * length to the next, which begins near.
 */
final class FocalAdjustment {
  private static final int ITERATIONS = 8;

  /** Where a residual counts a quarter, at 640 pixels' width. */
  private static final double KERNEL_OF_WIDTH = 2.0 / 640;

  private static final double MIN_DEPTH_SHARE = 0.02;
  private static final double MIN_RHO_SHARE = 1e-3;

  private final FocalViews views;
  private final int n;
  private final Se3[] poses;
  private final double[] rho;
  private final double kernel2;
  private final double[] h;
  private final double[] g;
  private final double[] ju = new double[6];
  private final double[] jv = new double[6];
  private final SymmetricSolver solver;
  private double focal;
  private double damping;
  private double px;
  private double py;
  private double pz;
  private double ru;
  private double rv;

  FocalAdjustment(FocalViews views) {
    this.views = views;
    n = 6 * (views.T_view_odom().size() - 1);
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
  }

  private FocalAdjustment(FocalAdjustment other) {
    this(other.views);
    System.arraycopy(other.poses, 0, poses, 0, poses.length);
    System.arraycopy(other.rho, 0, rho, 0, rho.length);
    focal = other.focal;
  }

  /** One that goes on from where this one is. */
  FocalAdjustment copy() {
    return new FocalAdjustment(this);
  }

  /** Finds poses and depths under a focal length; {@link #cost} is then of these. */
  double fit(double newFocal) {
    bend(newFocal / focal);
    focal = newFocal;
    damping = 1e-3;
    double cost = cost();
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      cost = step(cost);
    }
    return cost;
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
    Arrays.fill(h, 0);
    Arrays.fill(g, 0);
    double[][] coupling = new double[views.count()][n];
    double[] hRho = new double[views.count()];
    double[] gRho = new double[views.count()];
    for (int i = 0; i < views.count(); i++) {
      accumulate(i, coupling[i], hRho, gRho);
      eliminate(coupling[i], hRho[i], gRho[i]);
    }
    double[] x = new double[n];
    if (!solver.solve(h, g, damping, x)) {
      damping *= 10;
      return before;
    }
    Se3[] oldPoses = poses.clone();
    double[] oldRho = rho.clone();
    update(x, coupling, hRho, gRho);
    double after = cost();
    if (after < before) {
      damping = Math.max(1e-7, damping / 5);
      return after;
    }
    System.arraycopy(oldPoses, 0, poses, 0, poses.length);
    System.arraycopy(oldRho, 0, rho, 0, rho.length);
    damping *= 8;
    return before;
  }

  private void update(double[] x, double[][] coupling, double[] hRho, double[] gRho) {
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
  }

  /** Adds {@code J'J} and {@code -J'r} of one point in all views that see it. */
  private void accumulate(int i, double[] coupling, double[] hRho, double[] gRho) {
    int host = views.host()[i];
    PinholeCamera camera = camera();
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
      double du = focal / pz * (T.tx() - px / pz * T.tz());
      double dv = focal / pz * (T.ty() - py / pz * T.tz());
      hRho[i] += w * (du * du + dv * dv);
      gRho[i] -= w * (du * ru + dv * rv);
      PoseJacobian.fill(camera, rho[i], px, py, pz, ju, jv);
      addPose(view, w, du, dv, coupling);
      if (host > 0) {
        addHost(view, host, w, du, dv, coupling, T);
      }
    }
  }

  /** Sets the point in a view's axes times inverse depth, and its residual; false if behind. */
  private boolean place(int i, int view, Se3 T_view_host) {
    float[] hosted = views.uv()[views.host()[i]];
    double x = (hosted[2 * i] - views.camera().cx()) / focal;
    double y = (hosted[2 * i + 1] - views.camera().cy()) / focal;
    Se3 T = T_view_host;
    px = T.r(0, 0) * x + T.r(0, 1) * y + T.r(0, 2) + rho[i] * T.tx();
    py = T.r(1, 0) * x + T.r(1, 1) * y + T.r(1, 2) + rho[i] * T.ty();
    pz = T.r(2, 0) * x + T.r(2, 1) * y + T.r(2, 2) + rho[i] * T.tz();
    ru = focal * px / pz + views.camera().cx() - views.uv()[view][2 * i];
    rv = focal * py / pz + views.camera().cy() - views.uv()[view][2 * i + 1];
    return pz > MIN_DEPTH_SHARE;
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
    return new PinholeCamera(c.width(), c.height(), focal, focal, c.cx(), c.cy());
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
