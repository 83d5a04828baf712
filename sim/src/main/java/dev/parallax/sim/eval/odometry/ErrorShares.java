package dev.parallax.sim.eval.odometry;

import dev.parallax.perception.geometry.Se3;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose error is whose, where two runs that share nothing but the pictures are held against the
 * same truth: what they have in common is the truth's own error (the three-cornered hat: Gray and
 * Allan 1974), and what else neither can know, such as a calibration that is off or what noise does
 * to the pictures. Over steps of one frame that both runs have; RMS, of rotation vectors and of
 * translations.
 *
 * <p>A common part that comes out below zero is taken for none, so that shares need not add up.
 *
 * @param steps how many steps were compared
 * @param own of the run that is judged
 * @param other of the run beside it
 * @param common of the truth
 */
public record ErrorShares(int steps, Share own, Share other, Share common) {
  /** RMS over the steps. */
  public record Share(double rotationDeg, double translationM) {}

  /**
   * @param ownScale multiplied into the run's translations, to metres
   * @param otherScale likewise of the other
   * @return NaN where the runs have no step in common
   */
  public static ErrorShares of(
      List<PosePair> own, double ownScale, List<PosePair> other, double otherScale) {
    Map<Integer, PosePair> others = new HashMap<>();
    other.forEach(pair -> others.put(pair.frameIndex(), pair));
    Sums rotation = new Sums();
    Sums translation = new Sums();
    for (int i = 1; i < own.size(); i++) {
      PosePair from = own.get(i - 1);
      PosePair to = own.get(i);
      PosePair otherFrom = others.get(from.frameIndex());
      PosePair otherTo = others.get(to.frameIndex());
      boolean isStep = from.frameIndex() >= 0 && to.frameIndex() == from.frameIndex() + 1;
      if (isStep && otherFrom != null && otherTo != null) {
        Se3 a = RelativePoseError.error(from, to, ownScale);
        Se3 b = RelativePoseError.error(otherFrom, otherTo, otherScale);
        rotation.add(a.rotationVector(), b.rotationVector());
        translation.add(a.translation(), b.translation());
      }
    }
    return new ErrorShares(
        rotation.n,
        share(rotation.ownVariance(), translation.ownVariance()),
        share(rotation.otherVariance(), translation.otherVariance()),
        share(rotation.commonVariance(), translation.commonVariance()));
  }

  private static Share share(double rotationVariance, double translationVariance) {
    return new Share(Math.toDegrees(Math.sqrt(rotationVariance)), Math.sqrt(translationVariance));
  }

  private static final class Sums {
    private int n;
    private double ownSquares;
    private double otherSquares;
    private double products;

    void add(double[] own, double[] other) {
      n++;
      for (int k = 0; k < 3; k++) {
        ownSquares += own[k] * own[k];
        otherSquares += other[k] * other[k];
        products += own[k] * other[k];
      }
    }

    double commonVariance() {
      return Math.max(0, products / n); // 0/0 is NaN, as documented
    }

    double ownVariance() {
      return Math.max(0, ownSquares / n - commonVariance());
    }

    double otherVariance() {
      return Math.max(0, otherSquares / n - commonVariance());
    }
  }
}
