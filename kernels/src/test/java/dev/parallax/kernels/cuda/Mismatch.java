package dev.parallax.kernels.cuda;

import dev.parallax.kernels.cuda.ParityCase.Tolerance;
import java.util.Optional;

/**
 * How an answer differs from the reference by more than it may.
 *
 * @param count how many values are off
 * @param of how many there are
 * @param first index of the first that is off
 */
record Mismatch(int count, int of, int first, float expected, float actual) {
  /** Empty if no more values are off than the tolerance allows. */
  static Optional<Mismatch> between(Tolerance tolerance, float[] expected, float[] actual) {
    if (expected.length != actual.length) {
      return Optional.of(new Mismatch(actual.length, expected.length, -1, 0, 0));
    }
    int count = 0;
    int first = -1;
    for (int i = 0; i < expected.length; i++) {
      if (!tolerance.accepts(expected[i], actual[i])) {
        first = first < 0 ? i : first;
        count++;
      }
    }
    return count > tolerance.outlierShare() * expected.length
        ? Optional.of(new Mismatch(count, expected.length, first, expected[first], actual[first]))
        : Optional.empty();
  }
}
