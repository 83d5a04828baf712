package dev.parallax.perception.inertial;

/** Names the exchange of axes that a matrix comes nearest to. */
final class AxisNames {
  /** Cosine of how far an axis may lie beside the one that it is named for. */
  private static final double MIN_COSINE = 0.8;

  private static final String[] NAMES = {"x", "y", "z"};

  private AxisNames() {}

  /**
   * @param m {@code [3 3]} row-major: each row is an axis as it should be, in those that are read
   * @return such as {@code y, -x, z}; "turned by an odd angle" where no exchange comes near
   */
  static String of(double[] m) {
    StringBuilder named = new StringBuilder();
    boolean[] used = new boolean[3];
    for (int r = 0; r < 3; r++) {
      int largest = 0;
      for (int c = 1; c < 3; c++) {
        largest = Math.abs(m[3 * r + c]) > Math.abs(m[3 * r + largest]) ? c : largest;
      }
      double value = m[3 * r + largest];
      if (Math.abs(value) < MIN_COSINE || used[largest]) {
        return "turned by an odd angle";
      }
      used[largest] = true;
      named.append(r == 0 ? "" : ", ").append(value < 0 ? "-" : "").append(NAMES[largest]);
    }
    return named.toString();
  }
}
