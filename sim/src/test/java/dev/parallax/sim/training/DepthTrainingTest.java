package dev.parallax.sim.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.parallax.perception.prior.NetworkInput;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of a few steps on small pictures. */
class DepthTrainingTest {
  private static final int SIZE = 64;

  @TempDir private Path temp;

  @Test
  void aTrainingThatWasStoppedGoesOnAsIfItHadNotBeen() throws Exception {
    Checkpoint checkpoint = new Checkpoint(temp.resolve("checkpoint"));
    byte[] straight;
    try (DepthTraining training = DepthTraining.begin(recipe(4), new Losses())) {
      training.learn(4);
      straight = training.onnx();
    }
    try (DepthTraining training = DepthTraining.begin(recipe(4), new Losses())) {
      training.learn(2);
      training.save(checkpoint);
    }
    try (DepthTraining training = DepthTraining.resume(checkpoint, new Losses())) {
      assertThat(training.step()).isEqualTo(2);
      training.learn(2);
      assertThat(training.isDone()).isTrue();
      assertThat(training.onnx()).isEqualTo(straight);
    }
  }

  @Test
  void anotherTrainingMayBeginWithItsWeights() throws Exception {
    Checkpoint checkpoint = new Checkpoint(temp.resolve("checkpoint"));
    float[] input = new float[NetworkInput.size(SIZE, SIZE)];
    float[] known;
    try (DepthTraining training = DepthTraining.begin(recipe(2), new Losses())) {
      training.learn(2);
      training.save(checkpoint);
      known = training.answer(input, SIZE, SIZE);
    }
    TrainingRecipe further = recipe(7).withRate(1e-4);
    try (DepthTraining training = DepthTraining.beginFrom(checkpoint, further, new Losses())) {
      assertThat(training.step()).isZero();
      assertThat(training.answer(input, SIZE, SIZE)).isEqualTo(known);
      training.learn(1);
      assertThat(training.answer(input, SIZE, SIZE)).isNotEqualTo(known);
    }
  }

  @Test
  void anotherTrainingMayBeginWithItsFileAndLosesNothing() throws Exception {
    byte[] onnx;
    Losses before = new Losses();
    try (DepthTraining training = DepthTraining.begin(recipe(60), before)) {
      training.learn(55);
      training.learn(5);
      onnx = training.onnx();
    }
    Losses after = new Losses();
    float[] input = new float[NetworkInput.size(SIZE, SIZE)];
    Arrays.fill(input, 0.3f);
    float[] written = run(onnx, input, new long[] {1, 5, SIZE, SIZE});
    TrainingRecipe further = recipe(60).withRate(1e-5);
    try (DepthTraining training = DepthTraining.beginFrom(onnx, "net", further, after)) {
      float[] read = training.answer(input, SIZE, SIZE);
      for (int i = 0; i < written.length; i++) {
        assertThat(read[i]).isCloseTo(written[i], within(2e-3f));
      }
      training.learn(5); // gathers statistics of few pictures
    }
    assertThat(after.all.get(0)).isLessThan(0.5 * (before.all.get(0) + before.all.get(1)));
  }

  @Test
  void itLearns() throws Exception {
    Losses losses = new Losses();
    try (DepthTraining training = DepthTraining.begin(recipe(40), losses)) {
      training.learn(5);
      training.learn(30);
      training.learn(5);
    }
    assertThat(losses.all.get(2)).isLessThan(0.85 * losses.all.get(0));
  }

  @Test
  void theWrittenFileAnswersAsTheTrainedNetworkDoes() throws Exception {
    try (DepthTraining training = DepthTraining.begin(recipe(3), new Losses())) {
      training.learn(3);
      float[] input = new float[NetworkInput.size(2 * SIZE, SIZE)];
      Random random = new Random(5);
      for (int i = 0; i < input.length; i++) {
        input[i] = (float) random.nextGaussian();
      }
      float[] trained = training.answer(input, 2 * SIZE, SIZE);
      float[] written = run(training.onnx(), input, new long[] {1, 5, SIZE, 2 * SIZE});
      assertThat(written).hasSize(2 * SIZE * SIZE / 2);
      for (int i = 0; i < written.length; i++) {
        // Folding the normalisations and another order of sums cost a few units in the last place.
        assertThat(written[i]).isCloseTo(trained[i], within(2e-4f));
      }
    }
  }

  @Test
  void aCheckpointCutShortIsNamedAndRefused() throws Exception {
    Path file = temp.resolve("checkpoint");
    try (DepthTraining training = DepthTraining.begin(recipe(1), new Losses())) {
      training.save(new Checkpoint(file));
    }
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    assertThatThrownBy(() -> DepthTraining.resume(new Checkpoint(file), new Losses()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("begin anew in another folder");
    Files.writeString(file, "nothing of the kind");
    assertThatThrownBy(() -> new Checkpoint(file).recipe())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("not a training checkpoint");
  }

  private static float[] run(byte[] onnx, float[] input, long[] shape) throws Exception {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(onnx);
        OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(input), shape);
        OrtSession.Result result = session.run(Map.of("picture", tensor))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] all = new float[values.remaining()];
      values.get(all);
      return all;
    }
  }

  private static TrainingRecipe recipe(long steps) {
    return new TrainingRecipe(3, SIZE, SIZE, steps, 2, 1, 12, 6, 2e-3, 0.01);
  }

  private static final class Losses implements TrainingProgress {
    final List<Double> all = new ArrayList<>();

    @Override
    public void drawing(int views, int of) {
      assertThat(views).isBetween(1, of);
    }

    @Override
    public void learned(long step, long of, double loss) {
      all.add(loss);
    }

    @Override
    public void judged(long step, TrainingFigures figures) {
      throw new AssertionError("Nobody asked for a judgement");
    }
  }
}
