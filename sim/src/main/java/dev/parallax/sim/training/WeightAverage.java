package dev.parallax.sim.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.ArrayList;
import java.util.List;

/**
 * The running mean of a network's weights over its last steps (Polyak and Juditsky 1992, with
 * exponential forgetting): steadier than the weights after any one step on few pictures. Owns the
 * means.
 */
final class WeightAverage {
  private static final double FORGETTING = 0.04;

  private final List<NDArray> weights = new ArrayList<>();
  private final List<NDArray> means = new ArrayList<>();

  /** Begins with the weights as they are. */
  WeightAverage(NDManager manager, Iterable<Pair<String, Parameter>> all) {
    for (Pair<String, Parameter> named : all) {
      if (named.getValue().requiresGradient()) {
        NDArray weight = named.getValue().getArray();
        NDArray mean = manager.zeros(weight.getShape());
        weight.copyTo(mean);
        weights.add(weight);
        means.add(mean);
      }
    }
  }

  /** Takes the weights after a step in. */
  void add() {
    for (int i = 0; i < means.size(); i++) {
      NDArray weight = weights.get(i);
      try (NDManager scope = weight.getManager().newSubManager()) {
        NDArray change = weight.sub(means.get(i));
        change.attach(scope);
        means.get(i).addi(change.muli(FORGETTING));
      }
    }
  }

  /** Exchanges means and weights; a second call undoes it. */
  void swap() {
    for (int i = 0; i < means.size(); i++) {
      NDArray weight = weights.get(i);
      try (NDManager scope = weight.getManager().newSubManager()) {
        NDArray kept = weight.duplicate();
        kept.attach(scope);
        means.get(i).copyTo(weight);
        kept.copyTo(means.get(i));
      }
    }
  }
}
