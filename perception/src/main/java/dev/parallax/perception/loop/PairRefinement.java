package dev.parallax.perception.loop;

import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Sim3;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Gauss-Newton on the similarity between two cameras: points of each are seen by the other,
 * Geman-McClure weights. The direction "from to to" fixes the translation against one side's
 * depths, the other against the other's, and so both together fix the scale.
 */
final class PairRefinement {
  private static final double STEP = 1e-6;
  private static final double DAMPING = 1e-9;

  private final PinholeCamera camera;
  private final PlaceMatcher.Pairs pairs;
  private final double width2;

  /**
   * @param widthPx error from which a match counts less
   */
  PairRefinement(PinholeCamera camera, PlaceMatcher.Pairs pairs, double widthPx) {
    this.camera = camera;
    this.pairs = pairs;
    width2 = widthPx * widthPx;
  }

  Sim3 refine(Sim3 start, int iterations) {
    Sim3 S = start;
    double cost = cost(S);
    for (int i = 0; i < iterations; i++) {
      Sim3 candidate = step(S);
      double next = candidate.isFinite() ? cost(candidate) : Double.NaN;
      if (!(next < cost)) {
        break;
      }
      boolean settled = cost - next < 1e-4 * cost;
      S = candidate;
      cost = next;
      if (settled) {
        break;
      }
    }
    return S;
  }

  private double cost(Sim3 S) {
    double[] e = residuals(S);
    double sum = 0;
    for (int k = 0; k < e.length; k += 2) {
      double e2 = e[k] * e[k] + e[k + 1] * e[k + 1];
      sum += e2 / (1 + e2 / width2);
    }
    return sum;
  }

  private Sim3 step(Sim3 S) {
    double[] e = residuals(S);
    double[][] columns = new double[7][];
    double[] typical = typicalSteps();
    for (int c = 0; c < 7; c++) {
      double[] chart = new double[7];
      chart[c] = STEP * typical[c];
      columns[c] = residuals(S.times(Sim3.ofChart(chart)));
      for (int k = 0; k < e.length; k++) {
        columns[c][k] = (columns[c][k] - e[k]) / chart[c];
      }
    }
    DMatrixRMaj h = new DMatrixRMaj(7, 7);
    DMatrixRMaj g = new DMatrixRMaj(7, 1);
    for (int k = 0; k < e.length; k += 2) {
      double kernel = 1 + (e[k] * e[k] + e[k + 1] * e[k + 1]) / width2;
      double w = 1 / (kernel * kernel);
      for (int a = 0; a < 7; a++) {
        g.add(a, 0, -w * (columns[a][k] * e[k] + columns[a][k + 1] * e[k + 1]));
        for (int b = 0; b < 7; b++) {
          h.add(a, b, w * (columns[a][k] * columns[b][k] + columns[a][k + 1] * columns[b][k + 1]));
        }
      }
    }
    for (int a = 0; a < 7; a++) {
      h.add(a, a, DAMPING * (1 + h.get(a, a)));
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(7);
    DMatrixRMaj delta = new DMatrixRMaj(7, 1);
    if (!solver.setA(h)) {
      return S;
    }
    solver.solve(g, delta);
    return S.times(Sim3.ofChart(delta.data));
  }

  /** Translations are differentiated by a share of the mean depth, the rest by radians. */
  private double[] typicalSteps() {
    double depth = 0;
    for (int i = 0; i < pairs.n; i++) {
      depth += pairs.to[3 * i + 2] / pairs.n;
    }
    return new double[] {depth, depth, depth, 1, 1, 1, 1};
  }

  /** {@code [4 n]} pixels, both directions of each pair. */
  private double[] residuals(Sim3 S_from_to) {
    Sim3 S_to_from = S_from_to.inverse();
    double[] e = new double[4 * pairs.n];
    for (int i = 0; i < pairs.n; i++) {
      residual(S_from_to, pairs.to, pairs.fromUv, i, e, 4 * i);
      residual(S_to_from, pairs.from, pairs.toUv, i, e, 4 * i + 2);
    }
    return e;
  }

  private void residual(Sim3 S, double[] points, double[] uv, int i, double[] e, int at) {
    double[] c = S.transform(points[3 * i], points[3 * i + 1], points[3 * i + 2]);
    double z = Math.max(c[2], 1e-6);
    e[at] = camera.fx() * c[0] / z + camera.cx() - uv[2 * i];
    e[at + 1] = camera.fy() * c[1] / z + camera.cy() - uv[2 * i + 1];
  }
}
