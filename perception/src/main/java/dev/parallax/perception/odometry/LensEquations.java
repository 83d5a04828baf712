package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.Covariance6;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import java.util.Arrays;

/**
 * Normal equations of one picture's pose together with the calibration, at a pose that was found:
 * for each point the residual, and how it changes with the pose (J), with the point's inverse depth
 * (eliminated) and with the calibration (g), by itself and through the keyframe that hosts the
 * point.
 */
final class LensEquations {
  static final double DAMPING = 1e-6;

  private static final double KERNEL_WIDTH = 3;
  private static final double MIN_DEPTH_RATIO = 1e-3;

  /** Holds the unit of length, which pictures leave open: one std of a depth over itself. */
  private static final double LOOSE_RELATIVE_STD = 1;

  private static final int N = LensDoubt.PARAMETERS;

  /** {@code [6 6]} J'WJ, left perturbation of T_cam_odom (translation, rotation). */
  final double[] hessian = new double[36];

  /** {@code [2][6]} J'Wg. */
  final double[][] right = new double[N][6];

  /** {@code [6]} J'We. */
  final double[] gradient = new double[6];

  /** {@code [2 2]} g'Wg. */
  final double[] lensHessian = new double[N * N];

  /** {@code [2]} g'We. */
  final double[] lensGradient = new double[N];

  private final PinholeCamera camera;
  private final double[][][] ofHost = new double[PointTracks.SLOTS][N][];
  private final ViewPair[] pairs = new ViewPair[PointTracks.SLOTS];
  private final double[] still = new double[6];
  private final double[] ju = new double[6];
  private final double[] jv = new double[6];
  private final double[] cross = new double[6];
  private final double[] gu = new double[N];
  private final double[] gv = new double[N];
  private final double[] gd = new double[N];

  LensEquations(PinholeCamera camera) {
    this.camera = camera;
  }

  /**
   * @param ofSlot {@code [slots][2][6]} how each keyframe's pose changes with the calibration, left
   *     perturbation in odom
   */
  void fill(
      PointTracks points,
      KeyframeWindow window,
      Se3 T_cam_odom,
      double noisePx,
      double[][][] ofSlot) {
    double[] toCam = Covariance6.adjoint(T_cam_odom);
    for (Keyframe host : window.keyframes()) {
      Se3 T_cam_host = T_cam_odom.times(host.T_cam_odom().inverse());
      pairs[host.slot()] = ViewPair.of(T_cam_host, still, still);
      for (int k = 0; k < N; k++) {
        ofHost[host.slot()][k] = PoseCovariance.times(toCam, ofSlot[host.slot()][k]);
      }
    }
    Arrays.fill(hessian, 0);
    Arrays.fill(gradient, 0);
    Arrays.fill(lensHessian, 0);
    Arrays.fill(lensGradient, 0);
    for (double[] r : right) {
      Arrays.fill(r, 0);
    }
    for (int i = 0; i < points.count; i++) {
      addPoint(points, i, pairs[points.host[i]], noisePx);
    }
  }

  private void addPoint(PointTracks points, int i, ViewPair pair, double noisePx) {
    double x = points.hostX[i];
    double y = points.hostY[i];
    double d = points.rho[i];
    double[] r = pair.rotation();
    double[] t = pair.translation();
    double px = r[0] * x + r[1] * y + r[2] + d * t[0];
    double py = r[3] * x + r[4] * y + r[5] + d * t[1];
    double pz = r[6] * x + r[7] * y + r[8] + d * t[2];
    if (pz < MIN_DEPTH_RATIO) {
      return;
    }
    double a = px / pz;
    double b = py / pz;
    double eu = points.uv[2 * i] - (camera.fx() * a + camera.cx());
    double ev = points.uv[2 * i + 1] - (camera.fy() * b + camera.cy());
    double kernel = 1 + (eu * eu + ev * ev) / (noisePx * noisePx * KERNEL_WIDTH * KERNEL_WIDTH);
    double w = 1 / (noisePx * noisePx * kernel * kernel);
    double fu = camera.fx() / pz;
    double fv = camera.fy() / pz;
    PoseJacobian.fill(camera, d, px, py, pz, ju, jv);
    double bentU = fu * (r[0] * x + r[1] * y - a * (r[6] * x + r[7] * y));
    double bentV = fv * (r[3] * x + r[4] * y - b * (r[6] * x + r[7] * y));
    bend(ofHost[points.host[i]], x * x + y * y, bentU, bentV, a, b);
    add(w, eu, ev, fu * (t[0] - a * t[2]), fv * (t[1] - b * t[2]), d);
  }

  /**
   * Sets g: the pixel here is bent outwards and the host's ray inwards, by 1 for the focal length
   * and by the square of the slope for k1; and the host's pose errs along.
   */
  private void bend(double[][] host, double host2, double bentU, double bentV, double a, double b) {
    double here2 = a * a + b * b;
    for (int k = 0; k < N; k++) {
      double here = k == 0 ? 1 : here2;
      double there = k == 0 ? 1 : host2;
      gu[k] = camera.fx() * a * here - bentU * there;
      gv[k] = camera.fy() * b * here - bentV * there;
      for (int c = 0; c < 6; c++) {
        gu[k] += ju[c] * host[k][c];
        gv[k] += jv[c] * host[k][c];
      }
    }
  }

  /** Adds a point, its inverse depth eliminated. */
  private void add(double w, double eu, double ev, double du, double dv, double d) {
    double h = w * (du * du + dv * dv) + 1 / (d * d * LOOSE_RELATIVE_STD * LOOSE_RELATIVE_STD);
    double ed = w * (du * eu + dv * ev);
    for (int k = 0; k < 6; k++) {
      cross[k] = w * (ju[k] * du + jv[k] * dv);
      gradient[k] += w * (ju[k] * eu + jv[k] * ev) - cross[k] * ed / h;
    }
    for (int k = 0; k < 6; k++) {
      for (int l = 0; l < 6; l++) {
        hessian[6 * k + l] += w * (ju[k] * ju[l] + jv[k] * jv[l]) - cross[k] * cross[l] / h;
      }
    }
    for (int m = 0; m < N; m++) {
      gd[m] = w * (du * gu[m] + dv * gv[m]);
      lensGradient[m] += w * (gu[m] * eu + gv[m] * ev) - gd[m] * ed / h;
      for (int k = 0; k < 6; k++) {
        right[m][k] += w * (ju[k] * gu[m] + jv[k] * gv[m]) - cross[k] * gd[m] / h;
      }
      for (int n = 0; n <= m; n++) {
        double product = w * (gu[m] * gu[n] + gv[m] * gv[n]) - gd[m] * gd[n] / h;
        lensHessian[N * m + n] += product;
        lensHessian[N * n + m] += n < m ? product : 0;
      }
    }
  }
}
