package dev.parallax.kernels.cpu;

/**
 * {@link RestingPoint} for a whole row of the grid at once, with the same answers to the bit. Its
 * loops are short, and every array in them has the same index, because the JVM's compiler makes
 * vector instructions of such loops only.
 */
final class RestingRow {
  private final GridRays rays;
  private final int width;

  /** {@code [w]} slopes of the rays. */
  final float[] x;

  float y;

  /** Of {@link #aim}: {@code [w]} R r, the directions of the points at infinity. */
  final float[] farX;

  final float[] farY;
  final float[] farZ;

  /** Of {@link #place}: {@code [w]} in units of the depth before. */
  final float[] px;

  final float[] py;
  final float[] pz;

  /** Of {@link #project}: {@code [w]} slopes. */
  final float[] toX;

  final float[] toY;

  /** Of {@link #project}: {@code [w]} picture pixels a unit of inverse depth. */
  final float[] ju;

  final float[] jv;

  RestingRow(GridRays rays) {
    this.rays = rays;
    x = rays.x;
    width = x.length;
    farX = new float[width];
    farY = new float[width];
    farZ = new float[width];
    px = new float[width];
    py = new float[width];
    pz = new float[width];
    toX = new float[width];
    toY = new float[width];
    ju = new float[width];
    jv = new float[width];
  }

  /** Looks along the rays of a row. */
  void aim(int v) {
    float[] m = rays.m;
    y = rays.y[v];
    turn(x, y, m[0], m[1], m[2], farX);
    turn(x, y, m[4], m[5], m[6], farY);
    turn(x, y, m[8], m[9], m[10], farZ);
  }

  /** Takes the points at inverse depths {@code rho [w]}. */
  void place(float[] rho) {
    float[] m = rays.m;
    shift(farX, rho, m[3], px);
    shift(farY, rho, m[7], py);
    shift(farZ, rho, m[11], pz);
  }

  /** Whether a point is in front, as {@link RestingPoint#isBehind} says. */
  boolean isInFront(int u) {
    return pz[u] > RestingPoint.MIN_FORWARD;
  }

  /** Projects the points, as {@link RestingPoint#project} does. */
  void project() {
    float[] m = rays.m;
    project(px, pz, rays.fx, m[3], m[11], toX, ju);
    project(py, pz, rays.fy, m[7], m[11], toY, jv);
  }

  private static void turn(float[] x, float y, float m0, float m1, float m2, float[] out) {
    for (int u = 0; u < out.length; u++) {
      out[u] = m0 * x[u] + m1 * y + m2;
    }
  }

  private static void shift(float[] far, float[] rho, float t, float[] out) {
    for (int u = 0; u < out.length; u++) {
      out[u] = far[u] + rho[u] * t;
    }
  }

  private static void project(
      float[] p, float[] pz, float focal, float t, float tz, float[] to, float[] j) {
    for (int u = 0; u < to.length; u++) {
      float iz = 1 / Math.max(pz[u], RestingPoint.MIN_FORWARD);
      float slope = p[u] * iz;
      to[u] = slope;
      j[u] = focal * (t - slope * tz) * iz;
    }
  }
}
