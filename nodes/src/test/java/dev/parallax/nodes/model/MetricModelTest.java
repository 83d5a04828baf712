package dev.parallax.nodes.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.prior.DepthPrior;
import dev.parallax.perception.prior.NetworkPlace;
import dev.parallax.perception.prior.PriorDepth;
import dev.parallax.perception.prior.PriorException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose metres {@code --scale metric-prior} takes. */
class MetricModelTest {
  private static final PinholeCamera CAMERA = new PinholeCamera(128, 96, 100, 100, 63.5, 47.5);
  private static final Picture GREY =
      new Picture(128, 96, Picture.Format.MONO8, new byte[128 * 96]);

  @TempDir private Path temp;

  private DepthPrior network(String output) throws IOException {
    byte[] wall = SmallModels.onnx(row -> 3);
    return Models.open(SmallModels.described(temp, "wall.onnx", wall, output), NetworkPlace.cpu(1));
  }

  @Test
  void aUsersMetricNetworkIsAskedBesideTheFrames() throws IOException, PriorException {
    try (BackgroundPrior prior =
        new BackgroundPrior(network("metric_depth"), true, System::nanoTime)) {
      assertThat(prior.metricRelativeStd()).hasValue(0.2);

      BackgroundPrior.Question question = prior.begin(GREY, CAMERA);

      assertThat(question.isReady()).isTrue(); // with patience
      PriorDepth answer = question.take();
      assertThat(answer.depth()).containsOnly(3);
      assertThat(question.isReady()).isFalse();
      assertThat(question.isOver()).isTrue();
    }
  }

  @Test
  void whatWasAskedBeforeIsGivenUp() throws IOException, PriorException {
    try (BackgroundPrior prior =
        new BackgroundPrior(network("metric_depth"), true, System::nanoTime)) {
      BackgroundPrior.Question first = prior.begin(GREY, CAMERA);
      BackgroundPrior.Question second = prior.begin(GREY, CAMERA);

      assertThat(first.isOver()).isTrue();
      assertThatThrownBy(first::take).isInstanceOf(IllegalStateException.class);
      assertThat(second.take().depth()).containsOnly(3);
    }
  }

  @Test
  void aNetworkOfRelativeDepthTellsNoMetres() throws IOException {
    try (DepthPrior relative = network("relative_inverse_depth")) {
      assertThat(relative.metricRelativeStd()).isEmpty();
    }
  }

  @Test
  void theBuiltInNetworkSaysHowLittleItsMetresAreWorth() {
    try (DepthPrior builtIn = Models.named(Models.BUILT_IN, NetworkPlace.cpu(1))) {
      assertThat(builtIn.metricRelativeStd()).hasValue(0.7);
    }
  }
}
