package dev.parallax.perception.odometry;

import java.util.Arrays;

/**
 * Normal equations of unknowns that many points share, and of each point's depth, which is
 * eliminated (Schur complement). Points are added one after the other, each {@link #eliminate
 * eliminated} before the next.
 */
final class SchurEquations {
  private static final double LEAST = 1e-12;

  private final int n;
  private final double[] h;
  private final double[] g;
  private final double[][] coupling; // of each point's depth with the shared unknowns
  private final double[] hDepth;
  private final double[] gDepth;
  private final SymmetricSolver solver;

  /**
   * @param n unknowns that are shared
   */
  SchurEquations(int n, int points) {
    this.n = n;
    h = new double[n * n];
    g = new double[n];
    coupling = new double[points][n];
    hDepth = new double[points];
    gDepth = new double[points];
    solver = new SymmetricSolver(n);
  }

  void clear() {
    Arrays.fill(h, 0);
    Arrays.fill(g, 0);
    Arrays.fill(hDepth, 0);
    Arrays.fill(gDepth, 0);
    for (double[] row : coupling) {
      Arrays.fill(row, 0);
    }
  }

  /** Adds what a residual of weight w tells of a point's depth. */
  void addDepth(int i, double w, BentReprojection seen) {
    double du = seen.depthU;
    double dv = seen.depthV;
    hDepth[i] += w * (du * du + dv * dv);
    gDepth[i] -= w * (du * seen.residualU + dv * seen.residualV);
  }

  /**
   * Adds what it tells of unknowns from {@code at} on.
   *
   * @param u derivatives by them, v alike
   */
  void add(int i, double w, BentReprojection seen, int at, double[] u, double[] v) {
    for (int r = 0; r < u.length; r++) {
      g[at + r] -= w * (u[r] * seen.residualU + v[r] * seen.residualV);
      coupling[i][at + r] += w * (u[r] * seen.depthU + v[r] * seen.depthV);
      for (int c = 0; c < u.length; c++) {
        h[(at + r) * n + at + c] += w * (u[r] * u[c] + v[r] * v[c]);
      }
    }
  }

  /** Adds what it tells of two groups of unknowns together. */
  void addBeside(double w, int at, double[] u, double[] v, int to, double[] uTo, double[] vTo) {
    for (int r = 0; r < u.length; r++) {
      for (int c = 0; c < uTo.length; c++) {
        double product = w * (u[r] * uTo[c] + v[r] * vTo[c]);
        h[(at + r) * n + to + c] += product;
        h[(to + c) * n + at + r] += product;
      }
    }
  }

  /** All that a point tells was added: takes its depth out. */
  void eliminate(int i, double damping) {
    double inverse = 1 / curvature(i, damping);
    double[] row = coupling[i];
    for (int r = 0; r < n; r++) {
      if (row[r] != 0) {
        g[r] -= row[r] * inverse * gDepth[i];
        for (int c = 0; c < n; c++) {
          h[r * n + c] -= row[r] * inverse * row[c];
        }
      }
    }
  }

  /** Of the cost by a point's depth. */
  private double curvature(int i, double damping) {
    return hDepth[i] * (1 + damping) + LEAST;
  }

  /**
   * @param x receives {@code [n]} the shared unknowns' change
   * @return false if they are not told
   */
  boolean solve(double damping, double[] x) {
    return solver.solve(h, g, damping, x);
  }

  /** The change of a point's depth that goes with a change of the shared unknowns. */
  double depthChange(int i, double[] x, double damping) {
    double right = gDepth[i];
    for (int c = 0; c < n; c++) {
      right -= coupling[i][c] * x[c];
    }
    return right / curvature(i, damping);
  }

  /** {@code [rows columns]} of the Hessian, the depths eliminated. */
  double[] hessian(int row, int rows, int column, int columns) {
    double[] result = new double[rows * columns];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(h, (row + r) * n + column, result, r * columns, columns);
    }
    return result;
  }
}
