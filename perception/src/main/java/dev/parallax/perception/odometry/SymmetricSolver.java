package dev.parallax.perception.odometry;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/** Solves A x = b for a symmetric positive definite A of a fixed size, without allocating. */
final class SymmetricSolver {
  private final int n;
  private final DMatrixRMaj a;
  private final DMatrixRMaj b;
  private final DMatrixRMaj x;
  private final DMatrixRMaj inverse;
  private final LinearSolverDense<DMatrixRMaj> solver;

  SymmetricSolver(int n) {
    this.n = n;
    a = new DMatrixRMaj(n, n);
    b = new DMatrixRMaj(n, 1);
    x = new DMatrixRMaj(n, 1);
    inverse = new DMatrixRMaj(n, n);
    solver = LinearSolverFactory_DDRM.symmPosDef(n);
  }

  /**
   * @param matrix {@code [n n]} row-major
   * @param damping multiplies the diagonal by {@code 1 + damping}
   * @return false if the matrix is not positive definite
   */
  boolean solve(double[] matrix, double[] right, double damping, double[] solution) {
    System.arraycopy(matrix, 0, a.data, 0, n * n);
    for (int i = 0; i < n; i++) {
      a.data[i * n + i] = a.data[i * n + i] * (1 + damping) + 1e-12;
    }
    System.arraycopy(right, 0, b.data, 0, n);
    if (!solver.setA(a)) {
      return false;
    }
    solver.solve(b, x);
    System.arraycopy(x.data, 0, solution, 0, n);
    for (int i = 0; i < n; i++) {
      if (!Double.isFinite(solution[i])) {
        return false;
      }
    }
    return true;
  }

  /** Inverse of a symmetric positive definite matrix; false if it is not one. */
  boolean invert(double[] matrix, double[] result) {
    System.arraycopy(matrix, 0, a.data, 0, n * n);
    if (!solver.setA(a)) {
      return false;
    }
    solver.invert(inverse);
    System.arraycopy(inverse.data, 0, result, 0, n * n);
    return true;
  }
}
