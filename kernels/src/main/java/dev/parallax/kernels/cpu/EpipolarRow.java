package dev.parallax.kernels.cpu;

/**
 * What flow to a reference picture says of the inverse depths of a row of resting points.
 *
 * <p>With ray r, measured ray r' and motion (R, t): r' x (R r + rho t) = 0, so in the least-squares
 * sense rho = -(a.b)/(b.b), a = r' x R r, b = r' x t. Its variance follows from how far the
 * projection moves per unit of rho.
 *
 * <p>In short loops for the reason told at {@link RestingRow}. One a thread.
 */
final class EpipolarRow {
  private static final float AT_EPIPOLE = 1e-12f;
  private static final float NO_PARALLAX = 1e-6f;

  private final GridRays rays;
  private final int stride;
  private final int width;
  private final RestingRow rest;
  private final float[] x;
  private final float[] y;
  private final float[] uu;
  private final float[] uv;
  private final float[] vv;
  private final float[] bb;
  private final float[] jj;
  private final float[] errorU;
  private final float[] errorV;

  /** {@code [w]} forward-backward inconsistency of the row measured last, picture pixels. */
  final float[] open;

  /** {@code [w]} its inverse depths. */
  final float[] measured;

  /** {@code [w]} their variances. */
  final float[] variance;

  /** {@code [w]} above 0 where the flow's end lies off the epipolar line. */
  final float[] offLine;

  EpipolarRow(GridRays rays, int stride) {
    this.rays = rays;
    this.stride = stride;
    width = rays.x.length;
    rest = new RestingRow(rays);
    x = new float[width];
    y = new float[width];
    uu = new float[width];
    uv = new float[width];
    vv = new float[width];
    bb = new float[width];
    jj = new float[width];
    errorU = new float[width];
    errorV = new float[width];
    open = new float[width];
    measured = new float[width];
    variance = new float[width];
    offLine = new float[width];
  }

  /**
   * Measures a row.
   *
   * @param flow {@code [h w 2]} grid pixels
   * @param inconsistency {@code [h w]} grid pixels
   * @param covariance {@code [h w 3]} squared picture pixels
   * @param gate the squared Mahalanobis distance from the epipolar line that is still on it
   */
  void measure(int v, float[] flow, float[] inconsistency, float[] covariance, float gate) {
    read(v, flow, inconsistency, covariance);
    triangulate();
    weigh(gate);
  }

  private void read(int v, float[] flow, float[] inconsistency, float[] covariance) {
    int first = v * width;
    rest.aim(v);
    for (int u = 0; u < width; u++) {
      int i = first + u;
      x[u] = flow[2 * i];
      y[u] = flow[2 * i + 1];
      uu[u] = covariance[3 * i];
      uv[u] = covariance[3 * i + 1];
      vv[u] = covariance[3 * i + 2];
    }
    System.arraycopy(inconsistency, first, open, 0, width);
    for (int u = 0; u < width; u++) {
      open[u] = stride * open[u];
    }
    widen(uu, open);
    widen(vv, open);
    for (int u = 0; u < width; u++) {
      x[u] = rest.x[u] + stride * x[u] / rays.fx;
    }
    for (int u = 0; u < width; u++) {
      y[u] = rest.y + stride * y[u] / rays.fy;
    }
  }

  /** A flow that does not close is as unsure as half of what is left open. */
  private static void widen(float[] variancePx2, float[] open) {
    for (int u = 0; u < open.length; u++) {
      variancePx2[u] = variancePx2[u] + 0.25f * open[u] * open[u];
    }
  }

  /** Finds the inverse depths. */
  private void triangulate() {
    float tx = rays.m[3];
    float ty = rays.m[7];
    float tz = rays.m[11];
    productOfTranslation(tx, ty, tz);
    productX(ty, tz);
    productY(tx, tz);
    productZ(tx, ty);
    rest.place(measured);
    rest.project();
  }

  /** b.b. */
  private void productOfTranslation(float tx, float ty, float tz) {
    for (int u = 0; u < width; u++) {
      float bx = y[u] * tz - ty;
      float by = tx - x[u] * tz;
      float bz = x[u] * ty - y[u] * tx;
      bb[u] = bx * bx + by * by + bz * bz;
    }
  }

  /** a.b, its first of three terms. */
  private void productX(float ty, float tz) {
    float[] farY = rest.farY;
    float[] farZ = rest.farZ;
    for (int u = 0; u < width; u++) {
      measured[u] = (y[u] * farZ[u] - farY[u]) * (y[u] * tz - ty);
    }
  }

  private void productY(float tx, float tz) {
    float[] farX = rest.farX;
    float[] farZ = rest.farZ;
    for (int u = 0; u < width; u++) {
      measured[u] = measured[u] + (farX[u] - x[u] * farZ[u]) * (tx - x[u] * tz);
    }
  }

  /** The last term, and the quotient. */
  private void productZ(float tx, float ty) {
    float[] farX = rest.farX;
    float[] farY = rest.farY;
    for (int u = 0; u < width; u++) {
      float az = x[u] * farY[u] - y[u] * farX[u];
      measured[u] = -(measured[u] + az * (x[u] * ty - y[u] * tx)) / bb[u];
    }
  }

  /** Finds how sure they are, and whether the points rest. */
  private void weigh(float gate) {
    error(rays.fx, x, rest.toX, errorU);
    error(rays.fy, y, rest.toY, errorV);
    parallax();
    distance();
    for (int u = 0; u < width; u++) {
      offLine[u] = offLine[u] - gate * (uu[u] * vv[u] - uv[u] * uv[u]);
    }
    propagate();
  }

  private static void error(float focal, float[] measured, float[] to, float[] out) {
    for (int u = 0; u < out.length; u++) {
      out[u] = focal * (measured[u] - to[u]);
    }
  }

  private void parallax() {
    float[] ju = rest.ju;
    float[] jv = rest.jv;
    for (int u = 0; u < width; u++) {
      jj[u] = ju[u] * ju[u] + jv[u] * jv[u];
    }
  }

  /** Squared, times the covariance's determinant. */
  private void distance() {
    for (int u = 0; u < width; u++) {
      float eu = errorU[u];
      float ev = errorV[u];
      offLine[u] = vv[u] * eu * eu - 2 * uv[u] * eu * ev + uu[u] * ev * ev;
    }
  }

  private void propagate() {
    float[] ju = rest.ju;
    float[] jv = rest.jv;
    for (int u = 0; u < width; u++) {
      float along = uu[u] * ju[u] * ju[u] + 2 * uv[u] * ju[u] * jv[u] + vv[u] * jv[u] * jv[u];
      variance[u] = along / jj[u] / jj[u];
    }
  }

  /** Whether a column's flow says anything of depth: its point is in front, off the epipole. */
  boolean isMeasured(int u) {
    return bb[u] > AT_EPIPOLE && rest.isInFront(u) && jj[u] > NO_PARALLAX;
  }

  /** Squared picture pixels that the whole inverse depth of a column makes. */
  float parallaxPx2(int u) {
    return measured[u] * measured[u] * jj[u];
  }

  /** How far off the epipolar line a column's flow ends, in the stds it promises. */
  float across(int u) {
    float ju = rest.ju[u];
    float jv = rest.jv[u];
    float promised = uu[u] * jv * jv - 2 * uv[u] * ju * jv + vv[u] * ju * ju;
    return Math.abs(errorV[u] * ju - errorU[u] * jv) / (float) Math.sqrt(promised);
  }
}
