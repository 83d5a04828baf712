package dev.parallax.sim.eval.odometry;

import dev.parallax.perception.geometry.Se3;
import java.util.ArrayList;
import java.util.List;

/**
 * Relative pose error over a step of {@code delta} input frames (Sturm et al. 2012): {@code E =
 * (Q_i⁻¹ Q_{i+Δ})⁻¹ (P_i⁻¹ P_{i+Δ})} with Q the truth and P the estimate. Steps that span a frame
 * without a pose are left out, so a lost frame is never counted as a large motion.
 *
 * @param scale multiplied into the estimate's translations first, 1 for as published
 * @param steps how many steps were judged
 */
public record RelativePoseError(
    int deltaFrames,
    double scale,
    int steps,
    double translationRmseM,
    double rotationRmseDeg,
    double rotationMeanDeg) {

  /**
   * @param pairs in the order of time
   * @return NaN errors where no step has both its ends
   */
  public static RelativePoseError of(List<PosePair> pairs, int deltaFrames, double scale) {
    List<double[]> errors = new ArrayList<>();
    int end = 0;
    for (int start = 0; start < pairs.size(); start++) {
      PosePair first = pairs.get(start);
      while (end < pairs.size() && pairs.get(end).frameIndex() < first.frameIndex() + deltaFrames) {
        end++;
      }
      boolean bothEnds =
          first.frameIndex() >= 0
              && end < pairs.size()
              && pairs.get(end).frameIndex() == first.frameIndex() + deltaFrames;
      if (bothEnds) {
        Se3 error = error(first, pairs.get(end), scale);
        errors.add(new double[] {error.distance(), Math.toDegrees(error.angleRad())});
      }
    }
    double t2 = 0;
    double r2 = 0;
    double r = 0;
    for (double[] e : errors) {
      t2 += e[0] * e[0];
      r2 += e[1] * e[1];
      r += e[1];
    }
    int n = errors.size(); // 0/0 is NaN, as documented
    return new RelativePoseError(
        deltaFrames, scale, n, Math.sqrt(t2 / n), Math.sqrt(r2 / n), r / n);
  }

  /** What is left of the estimated step once the true step is undone. */
  static Se3 error(PosePair from, PosePair to, double scale) {
    Se3 trueStep = from.T_world_cam().inverse().times(to.T_world_cam());
    Se3 step = from.T_odom_cam().inverse().times(to.T_odom_cam()).scaledTranslation(scale);
    return trueStep.inverse().times(step);
  }
}
