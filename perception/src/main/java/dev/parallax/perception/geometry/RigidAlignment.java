package dev.parallax.perception.geometry;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import org.jspecify.annotations.Nullable;

/**
 * The motion that best takes one set of points to another: the minimum of {@code sum w |q - (c R p
 * + t)|^2} (Umeyama 1991 eq. 40-42, here with weights).
 */
public final class RigidAlignment {
  private RigidAlignment() {}

  /**
   * What was found.
   *
   * @param T_q_p rotation R and translation t; maps {@code c * p} to q
   * @param scale c; 1 for a rigid fit
   * @param conditioning how well the points fix the rotation, 0..2: {@code (s2 + d s3) / s1} over
   *     the singular values of the correlation matrix with d its sign of determinant. 0 where any
   *     rotation about some axis fits as well: one point, points on a line
   * @param rmse root of the weighted mean squared residual, in the unit of q
   */
  public record Fit(Se3 T_q_p, double scale, double conditioning, double rmse) {
    /** Where the fit takes a point of the first set, {@code [3]}. */
    public double[] apply(double x, double y, double z) {
      return T_q_p.transform(scale * x, scale * y, scale * z);
    }
  }

  /**
   * Rotation and translation only.
   *
   * @param p {@code [n 3]} points
   * @param q {@code [n 3]} where they went
   * @param weights {@code [n]} not negative; null for all alike. A point with weight 0 may be NaN
   * @return empty if no point has weight or a weighted one is not finite
   */
  public static Optional<Fit> rigid(double[] p, double[] q, double @Nullable [] weights) {
    return fit(p, q, weights, false);
  }

  /** As {@link #rigid} with a scale; the scale is 1 where the points of p all coincide. */
  public static Optional<Fit> similarity(double[] p, double[] q, double @Nullable [] weights) {
    return fit(p, q, weights, true);
  }

  private static Optional<Fit> fit(
      double[] p, double[] q, double @Nullable [] weights, boolean withScale) {
    int n = p.length / 3;
    if (p.length != 3 * n || q.length != p.length || (weights != null && weights.length != n)) {
      throw new IllegalArgumentException(
          "Alignment needs [n 3] points twice and n weights, got %d, %d and %s values"
              .formatted(p.length, q.length, weights == null ? "no" : weights.length));
    }
    Moments m = Moments.of(p, q, weights);
    if (!(m.weight > 0) || !Double.isFinite(m.pp + m.qq)) {
      return Optional.empty();
    }
    return Optional.of(solve(m, withScale));
  }

  private static Fit solve(Moments m, boolean withScale) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(3, 3, true, true, false);
    if (!svd.decompose(new DMatrixRMaj(m.correlation))) {
      throw new IllegalStateException("Singular values of a finite 3x3 matrix were not found");
    }
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj w = svd.getW(null);
    DMatrixRMaj v = svd.getV(null, false);
    SingularOps_DDRM.descendingOrder(u, false, w, v, false);
    double sign = CommonOps_DDRM.det(u) * CommonOps_DDRM.det(v) < 0 ? -1 : 1;
    double s1 = w.get(0, 0);
    double s2 = w.get(1, 1);
    double s3 = sign * w.get(2, 2);
    double[] rotation = new double[9];
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        rotation[3 * i + j] =
            u.get(i, 0) * v.get(j, 0)
                + u.get(i, 1) * v.get(j, 1)
                + sign * u.get(i, 2) * v.get(j, 2);
      }
    }
    double trace = s1 + s2 + s3;
    double scale = withScale && m.pp > 0 ? trace / m.pp : 1;
    Se3 turn = Se3.of(rotation, new double[3]);
    double[] c = turn.transform(scale * m.pMean[0], scale * m.pMean[1], scale * m.pMean[2]);
    double[] t = {m.qMean[0] - c[0], m.qMean[1] - c[1], m.qMean[2] - c[2]};
    // sum w |q - c R p|^2 over centred points, expanded.
    double squared = m.qq - 2 * scale * trace + scale * scale * m.pp;
    return new Fit(
        Se3.of(rotation, t),
        scale,
        s1 > 0 ? (s2 + s3) / s1 : 0,
        Math.sqrt(Math.max(0, squared) / m.weight));
  }

  /** Weighted means, then sums over centred points: two passes, so that nothing cancels. */
  private static final class Moments {
    double weight;
    final double[] pMean = new double[3];
    final double[] qMean = new double[3];
    final double[][] correlation = new double[3][3]; // sum w (q - qMean)(p - pMean)^T
    double pp;
    double qq;

    static Moments of(double[] p, double[] q, double @Nullable [] weights) {
      Moments m = new Moments();
      int n = p.length / 3;
      for (int i = 0; i < n; i++) {
        double w = weights == null ? 1 : weights[i];
        if (w > 0) {
          m.weight += w;
          for (int a = 0; a < 3; a++) {
            m.pMean[a] += w * p[3 * i + a];
            m.qMean[a] += w * q[3 * i + a];
          }
        }
      }
      for (int a = 0; a < 3; a++) {
        m.pMean[a] /= m.weight;
        m.qMean[a] /= m.weight;
      }
      for (int i = 0; i < n; i++) {
        double w = weights == null ? 1 : weights[i];
        if (w > 0) {
          m.addCentred(w, p, q, 3 * i);
        }
      }
      return m;
    }

    private void addCentred(double w, double[] p, double[] q, int at) {
      for (int a = 0; a < 3; a++) {
        double dq = q[at + a] - qMean[a];
        double dp = p[at + a] - pMean[a];
        qq += w * dq * dq;
        pp += w * dp * dp;
        for (int b = 0; b < 3; b++) {
          correlation[a][b] += w * dq * (p[at + b] - pMean[b]);
        }
      }
    }
  }
}
