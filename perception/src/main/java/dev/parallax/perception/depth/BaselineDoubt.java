package dev.parallax.perception.depth;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * By how much all depth of a picture may be off alike, because the way between the pictures that it
 * was triangulated from is not known better. With {@code rho = m / |t|}, m what flow measures
 * (Hartley and Zisserman 2004, chapter 12), {@code std(rho) / rho = std(|t|) / |t|} to first order
 * for every pixel. A fused belief keeps what it had from the surer of its last two baselines.
 *
 * <p>Without a metric scale a second doubt comes in. The pose beside a new reference is solved with
 * the depths of before, so that its depth takes over their unit of length give or take its own
 * baseline's doubt: the logarithm of the unit walks at random, a step a reference. Whoever reads
 * relative depth brings it to metres by one factor, and about its own mean a walk of n independent
 * steps of variance v has variance {@code n v / 6} in the mean.
 *
 * <p>Agent thread only.
 */
public final class BaselineDoubt {
  /** References that one factor is taken to hold for: ten to some tens of seconds. */
  private static final int MEMORY = 40;

  private static final double WALK_ABOUT_ITS_MEAN = 1.0 / 6;

  /** Beyond this nothing is known but the order of magnitude. */
  private static final double MAX_RELATIVE_STD = 1;

  private final double[] steps = new double[MEMORY]; // relative variance of references that ended
  private int ended;
  private @Nullable Timestamp reference;
  private double best; // of the present reference, relative std
  private double bestBefore = Double.POSITIVE_INFINITY; // of the one before it

  /**
   * Depth was measured against a reference.
   *
   * @param relativeStd one standard deviation of the length of the way to it over that length
   */
  public void measured(Timestamp against, double relativeStd) {
    double known = Math.min(relativeStd, MAX_RELATIVE_STD);
    if (against.equals(reference)) {
      best = Math.min(best, known);
      return;
    }
    end();
    reference = against;
    best = known;
  }

  /** Depth was forgotten: what is measured from here on has no baseline of before. */
  public void forget() {
    end();
    reference = null;
    bestBefore = Double.POSITIVE_INFINITY;
  }

  private void end() {
    if (reference != null) {
      steps[ended++ % MEMORY] = best * best;
      bestBefore = best;
    }
  }

  /**
   * One standard deviation of what all depth is off by alike, over the depth.
   *
   * @param unitStd how unsure the metric scale is, relative; NaN where lengths are relative
   */
  public double relativeStd(double unitStd) {
    double baseline = reference == null ? 0 : Math.min(best, bestBefore);
    double walked = WALK_ABOUT_ITS_MEAN * Arrays.stream(steps).sum();
    double unit = Double.isNaN(unitStd) ? walked : unitStd * unitStd;
    return Math.sqrt(baseline * baseline + unit);
  }

  /** Adds it to the std of a map that nobody else has yet. */
  public void widen(DepthMap map, double unitStd) {
    float doubt = (float) relativeStd(unitStd);
    float[] depth = map.depthM();
    float[] std = map.stdM();
    for (int i = 0; i < std.length; i++) {
      float shared = doubt * depth[i];
      std[i] = (float) Math.sqrt(std[i] * std[i] + shared * shared); // NaN stays NaN
    }
  }
}
