package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.model.SmallModels;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.PipelineConfig.ScaleConfig;
import dev.parallax.perception.prior.BackgroundPrior;
import dev.parallax.perception.prior.NetworkPlace;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PriorArgumentsTest {
  private static final PipelineConfig RELATIVE = PipelineConfig.defaults();
  private static final PipelineConfig METRIC = RELATIVE.withScale(ScaleConfig.metricPrior());

  @TempDir private Path temp;

  private PriorArguments given(String output) throws IOException {
    Path yaml = SmallModels.described(temp, "wall.onnx", SmallModels.onnx(row -> 3), output);
    return CommandLine.populateCommand(new PriorArguments(), "--depth-prior", yaml.toString());
  }

  @Test
  void withoutANetworkNoneGuesses() {
    PriorArguments none =
        CommandLine.populateCommand(new PriorArguments(), "--depth-prior", "none");
    PipelineFactory measuring = (config, notices) -> null;

    assertThat(none.guessing(RELATIVE, NetworkPlace.cpu(1))).isNull();
    assertThat(none.filling(measuring, NetworkPlace.cpu(1))).isSameAs(measuring);
    assertThatThrownBy(() -> none.guessing(METRIC, NetworkPlace.cpu(1)))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("--scale metric-prior wants a network: leave out");
  }

  @Test
  void whereNoneIsNamedTheOneThatIsShippedGuesses() {
    PriorArguments unsaid = new PriorArguments();

    assertThat(unsaid.label()).isEqualTo("built-in");
    try (BackgroundPrior network = unsaid.guessing(METRIC, NetworkPlace.cpu(1))) {
      assertThat(network).isNotNull();
      assertThat(network.name()).isEqualTo("the built-in network");
    }
  }

  @Test
  void aNetworkOfRelativeDepthBeginsDepthButTellsNoMetres() throws IOException {
    PriorArguments relative = given("relative_depth");

    try (BackgroundPrior network = relative.guessing(RELATIVE, NetworkPlace.cpu(1))) {
      assertThat(network).isNotNull();
    }
    assertThatThrownBy(() -> relative.guessing(METRIC, NetworkPlace.cpu(1)))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("wall.onnx tells no metres")
        .hasMessageContaining("give a metric network");
  }

  @Test
  void aMetricNetworkDoesBoth() throws IOException {
    try (BackgroundPrior network = given("metric_depth").guessing(METRIC, NetworkPlace.cpu(1))) {
      assertThat(network).isNotNull();
    }
  }
}
