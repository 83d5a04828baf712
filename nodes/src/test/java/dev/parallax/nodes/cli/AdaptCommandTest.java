package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.model.ModelCheck;
import dev.parallax.sim.training.OnnxGraph;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped network on short simulated recordings, a few steps long. */
class AdaptCommandTest {
  private static final Pattern TOLD_NOTHING =
      Pattern.compile("AbsRel, told nothing +([0-9.]+) +([0-9.]+)");

  @TempDir private Path temp;
  private final CommandOutput told = new CommandOutput();

  private Path simulated(String scene, int frames) {
    return told.simulated(scene, frames, temp);
  }

  @Test
  void aNetworkLearnsTheRoomThatARobotDrivesThrough() {
    Path model = temp.resolve("room.onnx");
    Path room = simulated("room", 48);
    int status = told.parallax("adapt", room, "--steps", 24, "--out", model);
    assertThat(status).as(told.err.toString()).isZero();
    Matcher figures = TOLD_NOTHING.matcher(told.out.toString());
    assertThat(figures.find()).as(told.out.toString()).isTrue();
    double before = Double.parseDouble(figures.group(1));
    double after = Double.parseDouble(figures.group(2));
    // The weights kept are a mean over about 25 steps: so few have come a good half of the way.
    assertThat(after).isLessThan(0.9 * before);
    assertThat(told.out.toString()).contains("was not read", "models measure " + model);
    assertThat(ModelCheck.of(model.toString(), 1).complaints()).isEmpty();

    assertThat(told.parallax("adapt", room, "--steps", 24, "--out", model)).isEqualTo(1);
    assertThat(told.err.toString()).contains("room.onnx: is there already", "--force");
  }

  @Test
  void aCameraThatStandsStillTeachesNothingAndIsToldSo() {
    Path model = temp.resolve("still.onnx");
    assertThat(told.parallax("adapt", simulated("still", 40), "--out", model)).isEqualTo(1);
    assertThat(told.err.toString())
        .contains("too little parallax", "of 40 frames 39 stood still", "move the camera sideways")
        .doesNotContain("\tat ");
    assertThat(model).doesNotExist();
  }

  @Test
  void whatCannotBeRefinedIsNamedBeforeAnythingIsPlayed() throws IOException {
    Path model = temp.resolve("out.onnx");
    Path gone = temp.resolve("gone.onnx");
    assertThat(told.parallax("adapt", temp, "--from", gone, "--out", model)).isEqualTo(1);
    assertThat(told.err.toString()).contains("gone.onnx: no such file");
    Path yaml = Files.writeString(temp.resolve("own.yaml"), "file: own.onnx");
    assertThat(told.parallax("adapt", temp, "--from", yaml, "--out", model)).isEqualTo(1);
    assertThat(told.err.toString()).contains("only Parallax's own networks can be refined");
    OnnxGraph graph = new OnnxGraph("foreign");
    graph.node("Identity", List.of("x"), "y", Map.of());
    long[] shape = {1, 3, 96, 128};
    Path foreign = Files.write(temp.resolve("foreign.onnx"), graph.toBytes("x", shape, "y", shape));
    assertThat(told.parallax("adapt", temp, "--from", foreign, "--out", model)).isEqualTo(1);
    assertThat(told.err.toString())
        .contains("foreign.onnx: cannot be refined", "it is not one of Parallax's own networks");
    assertThat(told.parallax("adapt", temp, "--scale", "sensor-depth", "--out", model))
        .isEqualTo(1);
    assertThat(told.err.toString()).contains("learns from one camera alone");
    assertThat(told.parallax("adapt", temp, "--out", temp.resolve("model.pt"))).isEqualTo(2);
    assertThat(told.err.toString()).contains("--out must end in .onnx").doesNotContain("\tat ");
  }
}
