package dev.parallax.kernels.cpu;

import static dev.parallax.kernels.MotionKernels.CELL;
import static dev.parallax.kernels.MotionKernels.CHANNELS;

import dev.parallax.kernels.DepthGrid;
import dev.parallax.kernels.DepthKernels.MeasurementRules;

/**
 * Holds each cell's flow against that of a resting point at any depth in front of the camera, and
 * adds what it finds to the cell's votes: residual r = flow - rest(rho) and information M = (S_flow
 * + j j^T var(rho))^-1, j = d rest / d rho. Where the depth is unknown M is blind along the
 * epipolar line; where the best depth would lie behind the camera the point is taken at infinity
 * and M sees both ways.
 *
 * <p>Dense flow goes wrong over fine repeated texture, and closes all the same. So a residual
 * counts only if nothing along the whole epipolar line looks as alike as the flow's end.
 */
final class RestTest {
  /** The belief in depth is taken with more doubt than it has: it may be the neighbour's. */
  private static final float DEPTH_DOUBT = 4;

  private static final float MIN_RELATIVE_VARIANCE = 0.1f * 0.1f;
  private static final float MAX_RELATIVE_VARIANCE = 1;
  private static final float UNKNOWN_VARIANCE_PX2 = 1e6f;

  /** Flow is less sure the longer it is. */
  private static final float RELATIVE_FLOW_STD = 0.02f;

  /** Under this squared Mahalanobis distance the pictures need not be asked. */
  private static final float SUSPICIOUS = 4;

  private static final float MIN_RESIDUAL_PX = 0.7f;

  /** A resting point looks as alike up to this much more difference: a ratio and grey levels. */
  private static final float ALIKE_RATIO = 1.15f;

  private static final float ALIKE_GREY = 1.5f;

  /** How far from infinity the epipolar line is searched, picture pixels. */
  private static final float SEARCH_PX = 24;

  private static final float SEARCH_STEP_PX = 0.75f;

  /** What a flow is worth that the pictures do not confirm: a vote for rest. */
  private static final float UNCONFIRMED_WEIGHT = 0.5f;

  private final DepthGrid grid;
  private final PatchMatch pictures;
  private final float[] inconsistency;
  private final float[] covariance;
  private final GridRays rays;
  private final float maxInconsistency;
  private final float[] rho;
  private final float[] variance;
  private final CellFlow flow;
  private final float[] votes;

  RestTest(
      DepthGrid grid,
      PatchMatch pictures,
      CellFlow flow,
      float[] inconsistency,
      float[] covariance,
      double[] T_prev_cur,
      MeasurementRules rules,
      float[] rho,
      float[] variance,
      float[] votes) {
    this.grid = grid;
    this.pictures = pictures;
    this.flow = flow;
    this.inconsistency = inconsistency;
    this.covariance = covariance;
    rays = new GridRays(grid, T_prev_cur);
    this.maxInconsistency = (float) rules.maxInconsistencyPx();
    this.rho = rho;
    this.variance = variance;
    this.votes = votes;
  }

  /** Works on the rows of cells {@code [begin, end)}; marks in the flow which cells close. */
  void run(int begin, int end) {
    int stride = grid.stride();
    RestingPoint rest = new RestingPoint(rays);
    for (int r = begin; r < end; r++) {
      int v = r * CELL;
      for (int c = 0; c < flow.width; c++) {
        int u = c * CELL;
        float open = stride * inconsistency[v * grid.width() + u];
        int cell = r * flow.width + c;
        boolean isFlow = Float.isFinite(flow.u[cell]) && Float.isFinite(flow.v[cell]);
        flow.closes[cell] = open <= maxInconsistency && isFlow;
        if (flow.closes[cell]) {
          rest.aim(u, v);
          cell(cell, u, v, rest, open);
        }
      }
    }
  }

  private void cell(int cell, int u, int v, RestingPoint rest, float open) {
    int i = v * grid.width() + u;
    float fu = flow.u[cell];
    float fv = flow.v[cell];
    float noise = 0.25f * open * open + square(RELATIVE_FLOW_STD) * (square(fu) + square(fv));
    float uu = covariance[3 * i] + noise;
    float uv = covariance[3 * i + 1];
    float vv = covariance[3 * i + 2] + noise;
    boolean known = !Float.isNaN(rho[i]);
    float believed = known ? rho[i] : 0;
    rest.place(believed);
    rest.project();
    float ju = rest.ju;
    float jv = rest.jv;
    float var =
        known ? doubted(variance[i], believed) : UNKNOWN_VARIANCE_PX2 / (ju * ju + jv * jv + 1e-6f);
    float ru = fu - rays.fx * (rest.toX - rest.x);
    float rv = fv - rays.fy * (rest.toY - rest.y);
    float su = uu + var * ju * ju;
    float suv = uv + var * ju * jv;
    float sv = vv + var * jv * jv;
    float det = 1 / (su * sv - suv * suv);
    // The depth that belief and flow agree on best.
    float gain = var * det * ((ju * sv - jv * suv) * ru + (jv * su - ju * suv) * rv);
    float leftU = ru - ju * gain;
    float leftV = rv - jv * gain;
    if (believed + gain < 0) {
      ru = fu - rays.fx * (rest.farX / rest.farZ - rest.x);
      rv = fv - rays.fy * (rest.farY / rest.farZ - rest.y);
      leftU = ru;
      leftV = rv;
      su = uu;
      suv = uv;
      sv = vv;
      det = 1 / (uu * vv - uv * uv);
    }
    float mu = sv * det;
    float muv = -suv * det;
    float mv = su * det;
    float d2 = mu * ru * ru + 2 * muv * ru * rv + mv * rv * rv;
    if (d2 <= SUSPICIOUS) {
      cast(cell, 1, mu, muv, mv, ru, rv);
    } else if (square(leftU) + square(leftV) > square(MIN_RESIDUAL_PX)
        && !restLooksAlike(u, v, rest, fu, fv, fu - leftU, fv - leftV)) {
      cast(cell, 1, mu, muv, mv, ru, rv);
    } else {
      cast(cell, UNCONFIRMED_WEIGHT, mu, muv, mv, 0, 0);
    }
  }

  private static float doubted(float variance, float believed) {
    float square = believed * believed;
    return Math.min(
        DEPTH_DOUBT * variance + MIN_RELATIVE_VARIANCE * square, MAX_RELATIVE_VARIANCE * square);
  }

  private void cast(int cell, float weight, float mu, float muv, float mv, float ru, float rv) {
    int j = CHANNELS * cell;
    votes[j] += weight;
    votes[j + 1] += weight * mu;
    votes[j + 2] += weight * muv;
    votes[j + 3] += weight * mv;
    votes[j + 4] += weight * (mu * ru + muv * rv);
    votes[j + 5] += weight * (muv * ru + mv * rv);
  }

  /**
   * Whether a resting point would look as alike as the flow's end: at its best depth (restU, restV)
   * or anywhere along the epipolar line from infinity, slopes (farX, farY), on. Also true where the
   * flow's end cannot be seen.
   */
  private boolean restLooksAlike(
      int gridU, int gridV, RestingPoint rest, float fu, float fv, float restU, float restV) {
    int u = gridU * grid.stride();
    int v = gridV * grid.stride();
    float measured = pictures.difference(u, v, fu, fv);
    float bound = ALIKE_RATIO * (measured + ALIKE_GREY);
    // NaN, out of sight, counts as alike.
    if (!(pictures.difference(u, v, restU, restV) > bound)) {
      return true;
    }
    float[] m = rays.m;
    float farX = rest.farX / rest.farZ;
    float farY = rest.farY / rest.farZ;
    float farU = rays.fx * (farX - rest.x);
    float farV = rays.fy * (farY - rest.y);
    float du = rays.fx * (m[3] - farX * m[11]) / rest.farZ;
    float dv = rays.fy * (m[7] - farY * m[11]) / rest.farZ;
    float length = (float) Math.sqrt(du * du + dv * dv);
    if (!(length > 1e-6f)) {
      return false;
    }
    int steps = (int) (SEARCH_PX / SEARCH_STEP_PX);
    for (int n = 0; n <= steps; n++) {
      float s = n * SEARCH_STEP_PX / length;
      if (!(pictures.difference(u, v, farU + s * du, farV + s * dv) > bound)) {
        return true;
      }
    }
    return false;
  }

  private static float square(float x) {
    return x * x;
  }
}
