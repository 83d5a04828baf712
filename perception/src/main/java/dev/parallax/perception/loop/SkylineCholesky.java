package dev.parallax.perception.loop;

/**
 * Cholesky factorisation of a symmetric positive definite matrix stored by rows from the first
 * non-zero to the diagonal (envelope, George and Liu 1981): fill stays within the envelope, which
 * for a path with loops is a band as wide as the longest loop. One thread.
 */
final class SkylineCholesky {
  private final int n;
  private final int[] first;
  private final double[][] rows;

  /**
   * @param first {@code [n]} column of each row's first entry, at most the row itself; copied
   */
  SkylineCholesky(int[] first) {
    this.first = first.clone();
    n = first.length;
    rows = new double[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = new double[i - first[i] + 1];
    }
  }

  /** Adds to an entry of the lower triangle. */
  void add(int row, int column, double value) {
    rows[row][column - first[row]] += value;
  }

  /** Multiplies the diagonal by {@code 1 + damping}. */
  void damp(double damping) {
    for (int i = 0; i < n; i++) {
      rows[i][i - first[i]] *= 1 + damping;
    }
  }

  /** Replaces the matrix by its factor; false if it is not positive definite. */
  boolean factorise() {
    for (int i = 0; i < n; i++) {
      double[] ri = rows[i];
      for (int j = first[i]; j < i; j++) {
        double[] rj = rows[j];
        int from = Math.max(first[i], first[j]);
        double sum = ri[j - first[i]];
        int a = from - first[i];
        int b = from - first[j];
        for (int k = from; k < j; k++) {
          sum -= ri[a++] * rj[b++];
        }
        ri[j - first[i]] = sum / rj[j - first[j]];
      }
      double diagonal = ri[i - first[i]];
      for (int k = 0; k < i - first[i]; k++) {
        diagonal -= ri[k] * ri[k];
      }
      if (!(diagonal > 0)) {
        return false;
      }
      ri[i - first[i]] = Math.sqrt(diagonal);
    }
    return true;
  }

  /** Solves in place, once factorised. */
  void solve(double[] b) {
    for (int i = 0; i < n; i++) {
      double sum = b[i];
      for (int k = first[i]; k < i; k++) {
        sum -= rows[i][k - first[i]] * b[k];
      }
      b[i] = sum / rows[i][i - first[i]];
    }
    for (int i = n - 1; i >= 0; i--) {
      b[i] /= rows[i][i - first[i]];
      for (int k = first[i]; k < i; k++) {
        b[k] -= rows[i][k - first[i]] * b[i];
      }
    }
  }
}
