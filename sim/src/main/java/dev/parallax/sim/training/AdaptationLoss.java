package dev.parallax.sim.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/**
 * How wrong a prediction is where no true depth is known. Against triangulated depth, weighted by
 * its std, with e the difference of log inverse depths: |e|, |e − ē|, |∇e| at four distances, and
 * the negative log likelihood under the predicted Laplace scale, as in {@link DepthLoss}. Against
 * the neighbours' pictures: the camera-induced flow of the predicted depth held against dense flow
 * (FlowMap, Smith and Charatan et al. 2024; here with poses that odometry has found already), of
 * two neighbours the better one, and only where it explains the picture better than no motion at
 * all would (minimum and auto-masking of Godard et al. 2019, on flow in place of colours).
 */
final class AdaptationLoss {
  private static final float METRIC = 0.5f;
  private static final float SHAPE = 1f;
  private static final float GRADIENT = 0.25f;
  private static final float LIKELIHOOD = 0.1f;
  private static final float FLOW = 0.1f;
  private static final int SCALES = 4;

  /** A flow farther off than this is wrong itself, pixels of the answer. */
  private static final float WRONG_PX = 4;

  /** Stands for a residual that is not known. */
  private static final float UNKNOWN_PX = 1000;

  private static final float NEAREST_Z = 0.05f;

  private AdaptationLoss() {}

  /**
   * @param truth {@code [N 1 h w]} log inverse depth (1/m), 0 without weight
   * @param weight {@code [N 1 h w]}
   * @param logMetres {@code [N 1 1 1]} logarithm of the metres in the translations' unit
   * @param rays {@code [3 N K h w]} turned rays in homogeneous pixels of each neighbour
   * @param translations {@code [3 N K 1 1]} likewise
   * @param goals {@code [3 N K h w]} where flow leads, x and y, and how long it is
   * @param flowKnown {@code [N K h w]} 1 or 0
   */
  record Goal(
      NDArray truth,
      NDArray weight,
      NDArray logMetres,
      NDArray rays,
      NDArray translations,
      NDArray goals,
      NDArray flowKnown) {}

  /**
   * @param predicted {@code [N 2 h w]} log inverse depth and log of its scale
   * @return one number, smaller is better
   */
  static NDArray of(NDArray predicted, Goal goal) {
    NDArray depth = predicted.get(new NDIndex(":, 0:1"));
    NDArray logScale = predicted.get(new NDIndex(":, 1:2")).clip(-5, 2);
    NDArray weight = goal.weight();
    NDArray total = weight.sum().add(1);
    NDArray e = depth.sub(goal.truth());
    NDArray mean = perPicture(e.mul(weight)).div(perPicture(weight).add(1e-3f));
    NDArray shape = e.sub(mean).abs();
    NDArray likelihood = shape.stopGradient().mul(logScale.neg().exp()).add(logScale);
    NDArray each =
        e.abs().mul(METRIC).add(shape.mul(SHAPE)).add(likelihood.mul(LIKELIHOOD)).mul(weight);
    return each.sum()
        .div(total)
        .add(gradients(e, weight).mul(GRADIENT))
        .add(flow(depth, goal).mul(FLOW));
  }

  private static NDArray perPicture(NDArray a) {
    return a.sum(new int[] {3}, true).sum(new int[] {2}, true);
  }

  private static NDArray gradients(NDArray e, NDArray weight) {
    NDArray sum = null;
    for (int scale = 0; scale < SCALES; scale++) {
      int step = 1 << scale;
      NDArray across = between(e, weight, ":, :, :, " + step + ":", ":, :, :, :-" + step);
      NDArray down = between(e, weight, ":, :, " + step + ":, :", ":, :, :-" + step + ", :");
      NDArray here = across.add(down);
      sum = sum == null ? here : sum.add(here);
    }
    if (sum == null) {
      throw new IllegalStateException("No scale was looked at");
    }
    return sum;
  }

  private static NDArray between(NDArray e, NDArray weight, String later, String earlier) {
    NDIndex a = new NDIndex(later);
    NDIndex b = new NDIndex(earlier);
    NDArray both = weight.get(a).mul(weight.get(b));
    return e.get(a).sub(e.get(b)).abs().mul(both).sum().div(both.sum().add(1));
  }

  private static NDArray flow(NDArray depth, Goal goal) {
    NDArray best = bestResidual(depth, goal);
    NDArray found = best.lt(UNKNOWN_PX / 2).toType(best.getDataType(), false).stopGradient();
    return best.clip(0, WRONG_PX).mul(found).sum().div(found.sum().add(1));
  }

  /**
   * @param depth {@code [N 1 h w]} log inverse depth (1/m)
   * @return {@code [N h w]} pixels to where the better neighbour's flow leads; {@link #UNKNOWN_PX}
   *     where there is none
   */
  static NDArray bestResidual(NDArray depth, Goal goal) {
    // 1/m times metres a unit is 1/unit, which the translations are in.
    NDArray inverse = depth.add(goal.logMetres()).exp();
    NDArray z = at(goal, 2, inverse).maximum(NEAREST_Z);
    NDArray dx = at(goal, 0, inverse).div(z).sub(goal.goals().get(0));
    NDArray dy = at(goal, 1, inverse).div(z).sub(goal.goals().get(1));
    NDArray residual = dx.square().add(dy.square()).add(0.01f).sqrt();
    NDArray explains =
        residual
            .lt(goal.goals().get(2).maximum(1))
            .toType(residual.getDataType(), false)
            .stopGradient();
    NDArray counts = goal.flowKnown().mul(explains);
    NDArray unknown = counts.neg().add(1).mul(UNKNOWN_PX);
    return residual.clip(0, UNKNOWN_PX).mul(counts).add(unknown).min(new int[] {1});
  }

  private static NDArray at(Goal goal, int axis, NDArray inverse) {
    return inverse.mul(goal.translations().get(axis)).add(goal.rays().get(axis));
  }
}
