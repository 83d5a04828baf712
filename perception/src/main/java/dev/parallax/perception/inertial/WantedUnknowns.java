package dev.parallax.perception.inertial;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Normal equations in a few unknowns that are wanted with their covariance, numbered first, and
 * many that are not; those are eliminated (Schur complement). One solution each.
 */
final class WantedUnknowns {
  private final int wanted;
  private final int others;
  private final DMatrixRMaj a;
  private final DMatrixRMaj b;
  private final DMatrixRMaj d;
  private final DMatrixRMaj rightA;
  private final DMatrixRMaj rightD;
  private final double[] solution;
  private final DMatrixRMaj covariance;

  /**
   * @param information {@code [wanted wanted]} of what was believed before
   * @param mean {@code [wanted]} that
   */
  WantedUnknowns(DMatrixRMaj information, double[] mean, int others) {
    wanted = mean.length;
    this.others = others;
    a = information.copy();
    b = new DMatrixRMaj(wanted, others);
    d = new DMatrixRMaj(others, others);
    rightA = new DMatrixRMaj(wanted, 1);
    rightD = new DMatrixRMaj(others, 1);
    CommonOps_DDRM.mult(information, DMatrixRMaj.wrap(wanted, 1, mean.clone()), rightA);
    solution = new double[wanted + others];
    covariance = new DMatrixRMaj(wanted, wanted);
  }

  /**
   * Adds one equation: the sum of factors times unknowns is {@code right}.
   *
   * @param unknowns {@code [n]} numbers of unknowns, all different
   * @param factors {@code [n]}
   * @param std of the right side
   */
  void add(int[] unknowns, double[] factors, int n, double right, double std) {
    double weight = 1 / (std * std);
    for (int i = 0; i < n; i++) {
      int r = unknowns[i];
      double w = weight * factors[i];
      if (r < wanted) {
        rightA.data[r] += w * right;
      } else {
        rightD.data[r - wanted] += w * right;
      }
      for (int j = 0; j < n; j++) {
        add(r, unknowns[j], w * factors[j]);
      }
    }
  }

  private void add(int r, int c, double value) {
    if (r < wanted && c < wanted) {
      a.data[wanted * r + c] += value;
    } else if (r < wanted) {
      b.data[others * r + c - wanted] += value;
    } else if (c >= wanted) {
      d.data[others * (r - wanted) + c - wanted] += value;
    }
  }

  /** Whether the equations have one solution; it is then in {@link #solution}. */
  boolean solve() {
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(others);
    if (!solver.setA(d)) {
      return false;
    }
    DMatrixRMaj right = new DMatrixRMaj(others, wanted + 1);
    for (int r = 0; r < others; r++) {
      for (int c = 0; c < wanted; c++) {
        right.set(r, c, b.get(c, r));
      }
      right.set(r, wanted, rightD.get(r, 0));
    }
    DMatrixRMaj solved = new DMatrixRMaj(others, wanted + 1);
    solver.solve(right, solved);
    DMatrixRMaj reduced = new DMatrixRMaj(wanted, wanted + 1);
    CommonOps_DDRM.mult(b, solved, reduced);
    DMatrixRMaj schur = a.copy();
    for (int r = 0; r < wanted; r++) {
      for (int c = 0; c < wanted; c++) {
        schur.add(r, c, -reduced.get(r, c));
      }
    }
    if (!CommonOps_DDRM.invert(schur, covariance)) {
      return false;
    }
    for (int r = 0; r < wanted; r++) {
      solution[r] = 0;
      for (int c = 0; c < wanted; c++) {
        solution[r] += covariance.get(r, c) * (rightA.get(c, 0) - reduced.get(c, wanted));
      }
    }
    for (int r = 0; r < others; r++) {
      solution[wanted + r] = solved.get(r, wanted);
      for (int c = 0; c < wanted; c++) {
        solution[wanted + r] -= solved.get(r, c) * solution[c];
      }
    }
    return Arrays.stream(solution).allMatch(Double::isFinite) && covariance.get(0, 0) > 0;
  }

  /** Of an unknown. */
  double solution(int unknown) {
    return solution[unknown];
  }

  /** {@code [n]} the first unknowns. */
  double[] wanted() {
    return Arrays.copyOf(solution, wanted);
  }

  /** {@code [n n]} of the wanted ones. */
  double[] covariance() {
    return covariance.data.clone();
  }
}
