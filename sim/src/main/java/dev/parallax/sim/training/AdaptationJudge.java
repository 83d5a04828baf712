package dev.parallax.sim.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.parallax.perception.geometry.OrderStatistic;
import dev.parallax.perception.prior.NetworkInput;
import dev.parallax.sim.training.ViewNeighbours.Linked;
import java.util.List;
import java.util.function.UnaryOperator;

/** Judges a network on views of a recording that it does not learn from. */
final class AdaptationJudge {
  /** Told and hidden blocks, so many across the picture. */
  private static final int BLOCKS = 8;

  private static final float UNEXPLAINED_PX = 100;

  private final NDManager manager;
  private final UnaryOperator<NDArray> network;

  /**
   * @param network from {@code [1 5 H W]} to {@code [1 2 H/2 W/2]}
   */
  AdaptationJudge(NDManager manager, UnaryOperator<NDArray> network) {
    this.manager = manager;
    this.network = network;
  }

  AdaptationFigures judge(List<Linked> views) {
    double absRel = 0;
    double absRelKnown = 0;
    double flowPx = 0;
    for (Linked linked : views) {
      MeasuredView view = linked.view();
      float[] blind = answer(view.sample(), new float[view.sample().grey8().length]);
      double metres = metresPerUnit(view, blind);
      absRel += absRel(view, blind, metres, false);
      flowPx += flowPx(linked, blind, metres);
      double toMiddle = NetworkInput.middleDepthM() * medianInverse(view);
      float[] told = answer(view.sample(), told(view, toMiddle));
      absRelKnown += absRel(view, told, metresPerUnit(view, told), true);
    }
    int n = views.size();
    return new AdaptationFigures(n, absRel / n, absRelKnown / n, flowPx / n);
  }

  /** {@code [2 h w]} of what the network says. */
  private float[] answer(TrainingSample sample, float[] known) {
    try (NDManager scope = manager.newSubManager()) {
      TrainingBatch batch = new TrainingBatch(sample.camera(), 1);
      batch.put(0, sample, known);
      return network.apply(batch.input(scope)).toFloatArray();
    }
  }

  /** The median of predicted over measured depth: what a unit is in the network's metres. */
  double metresPerUnit(MeasuredView view) {
    return metresPerUnit(view, answer(view.sample(), new float[view.sample().grey8().length]));
  }

  private static double metresPerUnit(MeasuredView view, float[] predicted) {
    double[] ratios = new double[view.weight().length];
    int count = 0;
    for (int i = 0; i < ratios.length; i++) {
      if (view.weight()[i] > 0) {
        ratios[count++] = inverse(view, i) / Math.exp(predicted[i]);
      }
    }
    return OrderStatistic.median(ratios, count);
  }

  /** Median of the measured inverse depth, 1/unit. */
  static double medianInverse(MeasuredView view) {
    double[] values = new double[view.weight().length];
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (view.weight()[i] > 0) {
        values[count++] = inverse(view, i);
      }
    }
    return OrderStatistic.median(values, count);
  }

  private static double inverse(MeasuredView view, int answerPixel) {
    return view.sample().inverseDepth()[view.sample().answered(answerPixel)];
  }

  private static double absRel(
      MeasuredView view, float[] predicted, double metres, boolean hiddenOnly) {
    int width = view.sample().camera().width() / 2;
    double sum = 0;
    int count = 0;
    for (int i = 0; i < view.weight().length; i++) {
      boolean judged = !hiddenOnly || isHidden(i % width, i / width, width);
      if (view.weight()[i] > 0 && judged) {
        sum += Math.abs(inverse(view, i) / Math.exp(predicted[i]) / metres - 1);
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  private static boolean isHidden(int u, int v, int width) {
    int block = Math.max(1, width / BLOCKS);
    return (u / block + v / block) % 2 == 1;
  }

  private static float[] told(MeasuredView view, double metres) {
    int width = view.sample().camera().width();
    float[] known = view.sample().inverseDepth().clone();
    for (int i = 0; i < known.length; i++) {
      boolean hidden = isHidden(i % width / 2, i / width / 2, width / 2);
      known[i] = hidden ? 0 : (float) (known[i] / metres);
    }
    return known;
  }

  private double flowPx(Linked linked, float[] predicted, double metres) {
    MeasuredView view = linked.view();
    int width = view.sample().camera().width();
    int height = view.sample().camera().height();
    AdaptationBatch batch = new AdaptationBatch(view.sample().camera(), 1);
    float[] nothing = new float[width * height];
    batch.put(0, view.sample(), nothing, view.weight(), linked.flows(), metres);
    try (NDManager scope = manager.newSubManager()) {
      AdaptationLoss.Goal goal = batch.goal(scope);
      Shape shape = new Shape(1, 2, height / 2, width / 2);
      NDArray depth = scope.create(predicted, shape).get(new NDIndex(":, 0:1"));
      float[] residual = AdaptationLoss.bestResidual(depth, goal).toFloatArray();
      float[] known = goal.flowKnown().max(new int[] {1}).toFloatArray();
      double[] all = new double[residual.length];
      int count = 0;
      for (int i = 0; i < residual.length; i++) {
        if (known[i] > 0) {
          all[count++] = Math.min(UNEXPLAINED_PX, residual[i]);
        }
      }
      return count == 0 ? 0 : OrderStatistic.median(all, count);
    }
  }
}
