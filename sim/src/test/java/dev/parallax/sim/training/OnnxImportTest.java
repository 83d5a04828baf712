package dev.parallax.sim.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.parallax.perception.prior.NetworkInput;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A network out of its file and back. */
class OnnxImportTest {
  private static final int SIZE = 64;

  @Test
  void aNetworkReadFromItsFileAnswersAsTheOneThatWasWritten() throws Exception {
    try (DepthTraining training = DepthTraining.begin(recipe(), new Silent())) {
      training.learn(2); // so that the normalisations are no longer the identity
      float[] input = new float[NetworkInput.size(SIZE, SIZE)];
      Random random = new Random(5);
      for (int i = 0; i < input.length; i++) {
        input[i] = (float) random.nextGaussian();
      }
      float[] written = training.answer(input, SIZE, SIZE);
      DepthTraining.Loaded other = DepthTraining.fresh(SIZE, SIZE, 0);
      try {
        assertThat(answer(other, input)).isNotEqualTo(written);
        OnnxImport.into(other.network(), training.onnx());
        float[] read = answer(other, input);
        for (int i = 0; i < read.length; i++) {
          // Folding the normalisations changes the order of sums.
          assertThat(read[i]).isCloseTo(written[i], within(2e-4f));
        }
      } finally {
        other.model().close();
      }
    }
  }

  @Test
  void whatIsNoNetworkOfOursIsRefused() throws Exception {
    DepthTraining.engine();
    byte[] another =
        new OnnxGraph("other").toBytes("x", new long[] {1, 3, 8, 8}, "y", new long[] {1, 1, 8, 8});
    byte[] ours;
    try (DepthTraining training = DepthTraining.begin(recipe(), new Silent())) {
      ours = training.onnx();
    }
    Map<String, byte[]> bad =
        Map.of(
            "not one of Parallax's own networks",
            another,
            "cut short",
            Arrays.copyOf(ours, ours.length / 2));
    DepthTraining.Loaded into = DepthTraining.fresh(SIZE, SIZE, 0);
    try {
      bad.forEach(
          (why, bytes) ->
              assertThatThrownBy(() -> OnnxImport.into(into.network(), bytes))
                  .isInstanceOf(IllegalArgumentException.class)
                  .hasMessageContaining(why));
    } finally {
      into.model().close();
    }
  }

  private static float[] answer(DepthTraining.Loaded state, float[] input) {
    try (NDManager scope = state.model().getNDManager().newSubManager()) {
      NDArray in = scope.create(input, new Shape(1, NetworkInput.CHANNELS, SIZE, SIZE));
      ParameterStore parameters = new ParameterStore(state.model().getNDManager(), false);
      NDList out = state.network().forward(parameters, new NDList(List.of(in)), false);
      return out.singletonOrThrow().toFloatArray();
    }
  }

  private static TrainingRecipe recipe() {
    return new TrainingRecipe(3, SIZE, SIZE, 4, 2, 1, 12, 6, 2e-3, 0.01);
  }

  private static final class Silent implements TrainingProgress {
    @Override
    public void drawing(int views, int of) {}

    @Override
    public void learned(long step, long of, double loss) {}

    @Override
    public void judged(long step, TrainingFigures figures) {}
  }
}
