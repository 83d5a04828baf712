package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;

/**
 * A point of a host view as another view sees it through a bent lens: how far it is from where it
 * was seen, pixels, and the derivatives of that by poses (left perturbation, translation and
 * rotation), the point's inverse depth and the lens (log focal length and k1). One point at a time.
 */
final class BentReprojection {
  private static final double MIN_DEPTH_SHARE = 0.02;

  final double[] viewU = new double[6];
  final double[] viewV = new double[6];
  final double[] hostU = new double[6];
  final double[] hostV = new double[6];
  final double[] lensU = new double[LensDoubt.PARAMETERS];
  final double[] lensV = new double[LensDoubt.PARAMETERS];
  double depthU;
  double depthV;
  double residualU;
  double residualV;

  private double px;
  private double py;
  private double pz;
  private double a;
  private double b;

  /**
   * Sets the residual.
   *
   * @param x slopes of the ray in the host, NaN where there is none
   * @param seenU where the view saw the point, pixels
   * @return false if the view cannot see it
   */
  boolean place(
      BentLens lens, Se3 T_view_host, double x, double y, double rho, double seenU, double seenV) {
    Se3 T = T_view_host;
    px = T.r(0, 0) * x + T.r(0, 1) * y + T.r(0, 2) + rho * T.tx();
    py = T.r(1, 0) * x + T.r(1, 1) * y + T.r(1, 2) + rho * T.ty();
    pz = T.r(2, 0) * x + T.r(2, 1) * y + T.r(2, 2) + rho * T.tz();
    a = px / pz;
    b = py / pz;
    double s = a * a + b * b;
    PinholeCamera camera = lens.camera();
    residualU = camera.fx() * px / pz * lens.gain(s) + camera.cx() - seenU;
    residualV = camera.fy() * py / pz * lens.gain(s) + camera.cy() - seenV;
    return pz > MIN_DEPTH_SHARE && lens.sees(s);
  }

  /** Sets the derivatives by depth and poses of the point placed last. */
  void differentiate(BentLens lens, Se3 T_view_host, double rho) {
    PinholeCamera camera = lens.camera();
    double straightU = camera.fx() / pz * (T_view_host.tx() - px / pz * T_view_host.tz());
    double straightV = camera.fy() / pz * (T_view_host.ty() - py / pz * T_view_host.tz());
    depthU = lens.bentU(a, b, straightU, straightV);
    depthV = lens.bentV(a, b, straightU, straightV);
    PoseJacobian.fill(camera, rho, px, py, pz, viewU, viewV);
    for (int c = 0; c < 6; c++) {
      straightU = viewU[c];
      viewU[c] = lens.bentU(a, b, straightU, viewV[c]);
      viewV[c] = lens.bentV(a, b, straightU, viewV[c]);
    }
    throughAdjoint(viewU, T_view_host, hostU);
    throughAdjoint(viewV, T_view_host, hostV);
  }

  /**
   * Sets the derivatives by the lens: a longer focal length or more distortion moves the pixel
   * outwards and, of the host's pixel as it is, the ray inwards.
   */
  void differentiateByLens(BentLens lens, Se3 T_view_host, double x, double y) {
    Se3 T = T_view_host;
    PinholeCamera camera = lens.camera();
    double s = x * x + y * y;
    double here = a * a + b * b;
    double turnedX = T.r(0, 0) * x + T.r(0, 1) * y;
    double turnedY = T.r(1, 0) * x + T.r(1, 1) * y;
    double turnedZ = T.r(2, 0) * x + T.r(2, 1) * y;
    double outU = camera.fx() / pz * (turnedX - a * turnedZ);
    double outV = camera.fy() / pz * (turnedY - b * turnedZ);
    for (int m = 0; m < LensDoubt.PARAMETERS; m++) {
      double out = m == 0 ? lens.gain(here) : here;
      double in = (m == 0 ? lens.gain(s) : s) / lens.steepness(s);
      lensU[m] = camera.fx() * a * out - in * lens.bentU(a, b, outU, outV);
      lensV[m] = camera.fy() * b * out - in * lens.bentV(a, b, outU, outV);
    }
  }

  /**
   * {@code -j Ad(T)} over (translation, rotation): the host moves the other way, {@code T_view_host
   * exp(-d) = exp(-Ad d) T_view_host}.
   */
  private static void throughAdjoint(double[] j, Se3 T, double[] out) {
    double[] t = T.translation();
    // j [t]x, row vector: (j x t) components
    double[] jt = {j[1] * t[2] - j[2] * t[1], j[2] * t[0] - j[0] * t[2], j[0] * t[1] - j[1] * t[0]};
    for (int c = 0; c < 3; c++) {
      out[c] = 0;
      out[c + 3] = 0;
      for (int r = 0; r < 3; r++) {
        out[c] -= j[r] * T.r(r, c);
        out[c + 3] -= (j[r + 3] + jt[r]) * T.r(r, c);
      }
    }
  }
}
