package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.model.SmallModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code replay --flow-model}, as a user types it. */
class FlowModelReplayTest {
  @TempDir private Path temp;
  private final CommandOutput told = new CommandOutput();
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  /** Notices come where the progress bar is: on the process's own standard error. */
  private int replay(Path room, Path model) {
    PrintStream before = System.err;
    System.setErr(new PrintStream(shown, true, StandardCharsets.UTF_8));
    try {
      return told.parallax("replay", room, "--flow-model", model, "--out", temp.resolve("out"));
    } finally {
      System.setErr(before);
    }
  }

  private Path written(String name) {
    return temp.resolve("out").resolve(name);
  }

  private Path room() {
    return told.simulated("room", 10, temp);
  }

  @Test
  void theNetworkIsToldOfAndWrittenDown() throws IOException {
    Path yaml = SmallModels.describedFlow(temp, "flow.onnx", SmallModels.onnxFlow("a", "b"));
    assertThat(replay(room(), yaml)).as(told.err.toString()).isZero();
    assertThat(shown.toString(StandardCharsets.UTF_8)).contains("dense flow is by", "flow.onnx");
    assertThat(Files.readString(written("config.yaml"))).contains("flow_model: \"" + yaml + "\"");
    assertThat(Files.readAllLines(written("frames.csv"))).hasSize(11);
  }

  @Test
  void aNetworkThatFailsIsNamedAndTheRunGoesOn() throws IOException {
    Path yaml =
        SmallModels.describedFlow(
            temp, "nan.onnx", SmallModels.onnxFlow("a", "b", "Abs", "Neg", "Log"));
    assertThat(replay(room(), yaml)).as(told.err.toString()).isZero();
    assertThat(shown.toString(StandardCharsets.UTF_8))
        .contains("nan.onnx", "answers with NaN", "dense inverse search");
    assertThat(Files.readAllLines(written("frames.csv"))).hasSize(11);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThat(replay(room(), temp.resolve("gone.yaml"))).isEqualTo(1);
    assertThat(told.err.toString())
        .contains("--flow-model: ", "gone.yaml: no such file")
        .doesNotContain("\tat ");
  }
}
