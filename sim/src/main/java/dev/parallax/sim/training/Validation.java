package dev.parallax.sim.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.parallax.sim.scene.TrainingViews;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/** Fixed views of a seed of their own, each once without and once with depth given. */
final class Validation {
  private static final int STRIDE = 7; // of views: the next world nearly every time

  private final List<TrainingSample> samples = new ArrayList<>();
  private final long seed;

  Validation(TrainingRecipe recipe, int count) {
    seed = ~recipe.seed();
    TrainingViews views = new TrainingViews(recipe.width(), recipe.height(), seed);
    for (int i = 0; i < count; i++) {
      samples.add(TrainingSample.of(views.view((long) STRIDE * i)));
    }
  }

  /**
   * @param network from {@code [1 5 H W]} to {@code [1 2 H/2 W/2]}
   */
  TrainingFigures judge(NDManager manager, Function<NDArray, NDArray> network) {
    Sums blind = new Sums();
    Sums told = new Sums();
    for (int i = 0; i < samples.size(); i++) {
      TrainingSample sample = samples.get(i);
      float[] nothing = new float[sample.inverseDepth().length];
      judge(manager, network, sample, nothing, blind);
      Random random = new Random(seed + i);
      float[] known = nothing;
      while (isEmpty(known)) {
        known = KnownDepth.draw(sample, random);
      }
      judge(manager, network, sample, known, told);
    }
    int n = samples.size();
    return new TrainingFigures(
        blind.absRel / n,
        blind.absRelScaled / n,
        blind.within / n,
        told.absRelScaled / n,
        blind.oneSigma / n);
  }

  private static boolean isEmpty(float[] known) {
    for (float value : known) {
      if (value > 0) {
        return false;
      }
    }
    return true;
  }

  private static void judge(
      NDManager manager,
      Function<NDArray, NDArray> network,
      TrainingSample sample,
      float[] known,
      Sums sums) {
    try (NDManager scope = manager.newSubManager()) {
      TrainingBatch batch = new TrainingBatch(sample.camera(), 1);
      batch.put(0, sample, known);
      NDArray out = network.apply(batch.input(scope));
      sums.add(out.toFloatArray(), batch.truthValues());
    }
  }

  /** Sums over pictures of each picture's means. */
  private static final class Sums {
    double absRel;
    double absRelScaled;
    double within;
    double oneSigma;

    /**
     * @param predicted {@code [2 h w]}
     * @param truth {@code [h w]} log inverse depth
     */
    void add(float[] predicted, float[] truth) {
      int n = truth.length;
      float[] difference = new float[n];
      double mean = 0;
      for (int i = 0; i < n; i++) {
        difference[i] = predicted[i] - truth[i];
        mean += difference[i] / n;
      }
      float[] sorted = difference.clone();
      Arrays.sort(sorted);
      double median = sorted[n / 2];
      double raw = 0;
      double scaled = 0;
      int near = 0;
      int sure = 0;
      for (int i = 0; i < n; i++) {
        raw += Math.abs(Math.expm1(-difference[i]));
        scaled += Math.abs(Math.expm1(-(difference[i] - median)));
        near += Math.abs(difference[i] - median) < Math.log(1.25) ? 1 : 0;
        // A Laplace scale b is a standard deviation of b times the root of two.
        double std = Math.sqrt(2) * Math.exp(predicted[n + i]);
        sure += Math.abs(difference[i] - mean) < std ? 1 : 0;
      }
      absRel += raw / n;
      absRelScaled += scaled / n;
      within += (double) near / n;
      oneSigma += (double) sure / n;
    }
  }
}
