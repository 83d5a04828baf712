package dev.parallax.sim.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/**
 * How wrong a prediction is. With e the difference of log inverse depths: |e| (metric), |e − ē| (up
 * to the picture's scale), |∇e| at four scales (as MegaDepth, Li and Snavely 2018), the angle
 * between the gradients of prediction and truth where the truth has any, and the negative log
 * likelihood of |e − ē| under the predicted Laplace scale, which moves that scale only.
 */
final class DepthLoss {
  private static final float METRIC = 0.5f;
  private static final float SHAPE = 1f;
  private static final float GRADIENT = 0.5f;
  private static final float ANGLE = 0.05f;
  private static final float LIKELIHOOD = 0.1f;
  private static final int SCALES = 4;
  private static final float EDGE = 0.03f;

  private DepthLoss() {}

  /**
   * @param predicted {@code [N 2 h w]} log inverse depth and log of its scale
   * @param truth {@code [N 1 h w]} log inverse depth
   * @return one number, smaller is better
   */
  static NDArray of(NDArray predicted, NDArray truth) {
    NDArray depth = predicted.get(new NDIndex(":, 0:1"));
    NDArray logScale = predicted.get(new NDIndex(":, 1:2")).clip(-5, 2);
    NDArray e = depth.sub(truth);
    NDArray shape = e.sub(e.mean(new int[] {3}, true).mean(new int[] {2}, true)).abs();
    NDArray likelihood = shape.stopGradient().mul(logScale.neg().exp()).add(logScale);
    return e.abs()
        .mean()
        .mul(METRIC)
        .add(shape.mean().mul(SHAPE))
        .add(gradients(e).mul(GRADIENT))
        .add(angle(depth, truth).mul(ANGLE))
        .add(likelihood.mean().mul(LIKELIHOOD));
  }

  private static NDArray gradients(NDArray e) {
    NDArray sum = null;
    NDArray level = e;
    for (int scale = 0; scale < SCALES; scale++) {
      if (scale > 0) {
        level =
            level
                .getNDArrayInternal()
                .avgPool(new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false, true);
      }
      NDArray here = across(level).abs().mean().add(down(level).abs().mean());
      sum = sum == null ? here : sum.add(here);
    }
    if (sum == null) {
      throw new IllegalStateException("No scale was looked at");
    }
    return sum;
  }

  /** One minus the cosine between both gradients, where the truth's is no mere rounding. */
  private static NDArray angle(NDArray depth, NDArray truth) {
    NDIndex upper = new NDIndex(":, :, :-1, :");
    NDIndex left = new NDIndex(":, :, :, :-1");
    NDArray px = across(depth).get(upper);
    NDArray py = down(depth).get(left);
    NDArray tx = across(truth).get(upper);
    NDArray ty = down(truth).get(left);
    NDArray truthSize = tx.square().add(ty.square()).add(1e-8f).sqrt();
    NDArray size = px.square().add(py.square()).add(1e-6f).sqrt().mul(truthSize);
    NDArray cosine = px.mul(tx).add(py.mul(ty)).div(size);
    NDArray counts = truthSize.gt(EDGE).toType(depth.getDataType(), false).stopGradient();
    return cosine.neg().add(1).mul(counts).sum().div(counts.sum().add(1));
  }

  private static NDArray across(NDArray a) {
    return a.get(new NDIndex(":, :, :, 1:")).sub(a.get(new NDIndex(":, :, :, :-1")));
  }

  private static NDArray down(NDArray a) {
    return a.get(new NDIndex(":, :, 1:, :")).sub(a.get(new NDIndex(":, :, :-1, :")));
  }
}
