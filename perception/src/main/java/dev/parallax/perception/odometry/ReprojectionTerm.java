package dev.parallax.perception.odometry;

import dev.parallax.perception.geometry.PinholeCamera;

/**
 * How far a keyframe saw a point from where its host's says it should, and how that changes with
 * both poses, with the point's inverse depth and with the readout. One term at a time.
 */
final class ReprojectionTerm {
  /** Residual, pixels: seen less expected. */
  double eu;

  double ev;

  /**
   * Of the expected pixel: by the view's pose and the host's (left perturbations of T_cam_odom).
   */
  final double[] ju = new double[6];

  final double[] jv = new double[6];
  final double[] hu = new double[6];
  final double[] hv = new double[6];

  /** By inverse depth. */
  double du;

  double dv;

  /** By the readout, pixels a second. */
  double ru;

  double rv;

  private final PinholeCamera camera;
  private final RollingShutter shutter;
  private final PointInView point = new PointInView();
  private double a;
  private double b;
  private double fu;
  private double fv;

  ReprojectionTerm(PinholeCamera camera, RollingShutter shutter) {
    this.camera = camera;
    this.shutter = shutter;
  }

  /**
   * Sets the residual.
   *
   * @param slot of the keyframe that sees point {@code i}
   * @param d inverse depth in the host
   * @return false if the point would lie behind that keyframe; nothing else is then set
   */
  boolean place(PointTracks points, int i, int slot, double d, ViewPair pair, double readoutS) {
    double hostS = readoutS * share(points, i, points.host[i]);
    if (!point.place(points, i, d, pair, hostS, readoutS * share(points, i, slot))) {
      return false;
    }
    a = point.px / point.pz;
    b = point.py / point.pz;
    eu = points.seen[slot][2 * i] - (camera.fx() * a + camera.cx());
    ev = points.seen[slot][2 * i + 1] - (camera.fy() * b + camera.cy());
    return true;
  }

  private double share(PointTracks points, int i, int slot) {
    return shutter.rowShare(points.seen[slot][2 * i + 1]);
  }

  double squaredResidual() {
    return eu * eu + ev * ev;
  }

  /** Sets the derivatives for what was placed last. */
  void differentiate(PointTracks points, int i, int slot, double d, ViewPair pair) {
    fu = camera.fx() / point.pz;
    fv = camera.fy() / point.pz;
    double[] t = pair.translation();
    du = fu * (t[0] - a * t[2]);
    dv = fv * (t[1] - b * t[2]);
    PoseJacobian.fill(camera, d, point.px, point.py, point.pz, ju, jv);
    hostJacobian(pair.rotation(), d, points.hostX[i], points.hostY[i]);
    point.readoutMotion(pair, share(points, i, points.host[i]), share(points, i, slot));
    ru = fu * (point.rx - a * point.rz);
    rv = fv * (point.ry - b * point.rz);
  }

  /** The host moves the other way: p' = R exp(-delta) r, so d p' = -R [d I | -[r]x]. */
  private void hostJacobian(double[] r, double d, double x, double y) {
    for (int c = 0; c < 3; c++) {
      hu[c] = -d * fu * (r[c] - a * r[6 + c]);
      hv[c] = -d * fv * (r[3 + c] - b * r[6 + c]);
    }
    // Axis x ray: e1 x r = (0, -1, y), e2 x r = (1, 0, -x), e3 x r = (-y, x, 0).
    rotationColumn(r, 3, 0, -1, y);
    rotationColumn(r, 4, 1, 0, -x);
    rotationColumn(r, 5, -y, x, 0);
  }

  /** Column for the host turning about one axis; (vx vy vz) is the axis crossed with the ray. */
  private void rotationColumn(double[] r, int column, double vx, double vy, double vz) {
    double dx = r[0] * vx + r[1] * vy + r[2] * vz;
    double dy = r[3] * vx + r[4] * vy + r[5] * vz;
    double dz = r[6] * vx + r[7] * vy + r[8] * vz;
    hu[column] = -fu * (dx - a * dz);
    hv[column] = -fv * (dy - b * dz);
  }
}
