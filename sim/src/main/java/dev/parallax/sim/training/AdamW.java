package dev.parallax.sim.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), with moments that can be kept and
 * given back, which the library's own cannot. Owns the moments.
 */
final class AdamW {
  private static final double BETA_1 = 0.9;
  private static final double BETA_2 = 0.999;
  private static final float EPSILON = 1e-8f;
  private static final float CLIP_NORM = 2;

  private final List<Parameter> parameters = new ArrayList<>();
  private final NDList means = new NDList();
  private final NDList squares = new NDList();
  private final float weightDecay;

  AdamW(NDManager manager, Iterable<Pair<String, Parameter>> all, double weightDecay) {
    this.weightDecay = (float) weightDecay;
    for (Pair<String, Parameter> named : all) {
      Parameter parameter = named.getValue();
      if (parameter.requiresGradient()) {
        parameters.add(parameter);
        means.add(manager.zeros(parameter.getShape()));
        squares.add(manager.zeros(parameter.getShape()));
      }
    }
  }

  /** The moments, to be written to a file. */
  NDList moments() {
    NDList all = new NDList();
    all.addAll(means);
    all.addAll(squares);
    return all;
  }

  /**
   * Goes on with moments that were kept.
   *
   * @throws IllegalArgumentException if they are another network's
   */
  void restore(NDList moments) {
    NDList own = moments();
    if (moments.size() != own.size()) {
      throw new IllegalArgumentException("%d moments for %d".formatted(moments.size(), own.size()));
    }
    for (int i = 0; i < own.size(); i++) {
      moments.get(i).copyTo(own.get(i));
    }
  }

  /**
   * Moves every parameter against its gradient and clears the gradient.
   *
   * @param step counts from 1
   */
  void update(long step, double rate) {
    double norm = gradientNorm();
    float clip = (float) Math.min(1, CLIP_NORM / Math.max(norm, 1e-12));
    double corrected = rate * Math.sqrt(1 - Math.pow(BETA_2, step)) / (1 - Math.pow(BETA_1, step));
    for (int i = 0; i < parameters.size(); i++) {
      NDArray weight = parameters.get(i).getArray();
      try (NDManager scope = weight.getManager().newSubManager();
          NDArray gradient = weight.getGradient()) {
        gradient.attach(scope);
        NDArray g = Double.isFinite(norm) ? gradient.mul(clip) : gradient.zerosLike();
        g.attach(scope);
        NDArray mean = means.get(i);
        NDArray square = squares.get(i);
        NDArray part = g.mul((float) (1 - BETA_1));
        mean.muli((float) BETA_1).addi(part);
        NDArray part2 = g.square().mul((float) (1 - BETA_2));
        square.muli((float) BETA_2).addi(part2);
        NDArray root = square.duplicate();
        root.attach(scope);
        NDArray change = mean.duplicate();
        change.attach(scope);
        change.muli((float) corrected).divi(root.sqrt().add(EPSILON));
        if (weight.getShape().dimension() > 1) {
          weight.muli((float) (1 - rate * weightDecay));
        }
        weight.subi(change);
        gradient.subi(gradient);
      }
    }
  }

  private double gradientNorm() {
    double sum = 0;
    for (Parameter parameter : parameters) {
      NDArray weight = parameter.getArray();
      try (NDManager scope = weight.getManager().newSubManager();
          NDArray gradient = weight.getGradient()) {
        gradient.attach(scope);
        sum += gradient.square().sum().getFloat();
      }
    }
    return Math.sqrt(sum);
  }
}
