package dev.parallax.perception.prior;

import dev.parallax.perception.geometry.StdInflation;

/**
 * By how much the std of what is filled in is to be multiplied, learnt while running and without
 * any truth: much of what was a hole is measured some pictures later. A network that is told depth
 * all round a hole takes itself to be surer within than it is, above all beside what moves and
 * hides what lies behind.
 */
final class FillErrorScale {
  /** Fewer pixels than this tell nothing of a picture. */
  private static final int MIN_PIXELS = 40;

  /** Pictures that the mean goes back. */
  private static final int MEMORY = 20;

  private final StdInflation inflation = new StdInflation(MIN_PIXELS, MEMORY);

  /**
   * Learns from a picture.
   *
   * @param errors what was filled in was off by, in promised stds; reordered
   * @param n how many there are
   */
  void learn(double[] errors, int n) {
    inflation.learn(errors, n);
  }

  /** What to multiply a std by: never less than one, since what stays a hole is the hardest. */
  double factor() {
    return Math.max(1, inflation.factor());
  }
}
