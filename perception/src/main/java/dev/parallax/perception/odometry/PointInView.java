package dev.parallax.perception.odometry;

/**
 * A point as the row of a picture that saw it saw it: in the camera's axes, times inverse depth.
 */
final class PointInView {
  private static final double MIN_DEPTH_RATIO = 1e-3;

  double px;
  double py;
  double pz;

  /** How it moves for each second that all pictures are read out longer. */
  double rx;

  double ry;
  double rz;

  private double d;

  // How the host's motion moves the point in it, a second.
  private double hostX;
  private double hostY;
  private double hostZ;

  /**
   * Takes a point from its host to another camera.
   *
   * @param points whose point {@code i} it is
   * @param inverseDepth in the host
   * @param hostS when the host's row was read, seconds after its middle row
   * @param s when the other camera's row was read
   * @return false if it lies behind that camera
   */
  boolean place(
      PointTracks points, int i, double inverseDepth, ViewPair pair, double hostS, double s) {
    d = inverseDepth;
    double x = points.hostX[i];
    double y = points.hostY[i];
    double[] q = pair.hostTwist();
    hostX = q[4] - q[5] * y + d * q[0];
    hostY = q[5] * x - q[3] + d * q[1];
    hostZ = q[3] * y - q[4] * x + d * q[2];
    double hx = x - hostS * hostX;
    double hy = y - hostS * hostY;
    double hz = 1 - hostS * hostZ;
    double[] r = pair.rotation();
    double[] t = pair.translation();
    double cx = r[0] * hx + r[1] * hy + r[2] * hz + d * t[0];
    double cy = r[3] * hx + r[4] * hy + r[5] * hz + d * t[1];
    double cz = r[6] * hx + r[7] * hy + r[8] * hz + d * t[2];
    double[] w = pair.twist();
    px = cx + s * (w[4] * cz - w[5] * cy + d * w[0]);
    py = cy + s * (w[5] * cx - w[3] * cz + d * w[1]);
    pz = cz + s * (w[3] * cy - w[4] * cx + d * w[2]);
    return pz > MIN_DEPTH_RATIO;
  }

  /**
   * Sets how the point placed last moves with the readout.
   *
   * @param pair between which it was placed
   * @param hostShare where the host's row lies, see {@link RollingShutter#rowShare}
   * @param share where the other camera's row lies
   */
  void readoutMotion(ViewPair pair, double hostShare, double share) {
    double hx = hostShare * hostX;
    double hy = hostShare * hostY;
    double hz = hostShare * hostZ;
    double[] r = pair.rotation();
    double[] w = pair.twist();
    rx = share * (w[4] * pz - w[5] * py + d * w[0]) - (r[0] * hx + r[1] * hy + r[2] * hz);
    ry = share * (w[5] * px - w[3] * pz + d * w[1]) - (r[3] * hx + r[4] * hy + r[5] * hz);
    rz = share * (w[3] * py - w[4] * px + d * w[2]) - (r[6] * hx + r[7] * hy + r[8] * hz);
  }
}
