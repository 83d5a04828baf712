package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.model.ModelCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The shipped network on short simulated recordings, a few steps long. */
class AdaptCommandTest {
  private static final Pattern TOLD_NOTHING =
      Pattern.compile("AbsRel, told nothing +([0-9.]+) +([0-9.]+)");

  @TempDir private Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int parallax(Object... args) {
    CommandLine command = ParallaxCommand.commandLine();
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return command.execute(List.of(args).stream().map(Object::toString).toArray(String[]::new));
  }

  private Path simulated(String scene, int frames) {
    Path folder = temp.resolve(scene);
    int status =
        parallax(
            "sim",
            "--scene",
            scene,
            "--frames",
            frames,
            "--fps",
            10,
            "--width",
            320,
            "--height",
            240,
            "--out",
            folder);
    assertThat(status).as(err.toString()).isZero();
    return folder;
  }

  @Test
  void aNetworkLearnsTheRoomThatARobotDrivesThrough() {
    Path model = temp.resolve("room.onnx");
    Path room = simulated("room", 48);
    int status = parallax("adapt", room, "--steps", 24, "--out", model);
    assertThat(status).as(err.toString()).isZero();
    Matcher figures = TOLD_NOTHING.matcher(out.toString());
    assertThat(figures.find()).as(out.toString()).isTrue();
    double before = Double.parseDouble(figures.group(1));
    double after = Double.parseDouble(figures.group(2));
    // The weights kept are a mean over about 25 steps: so few have come a good half of the way.
    assertThat(after).isLessThan(0.9 * before);
    assertThat(ModelCheck.of(model.toString(), 1).complaints()).isEmpty();

    assertThat(parallax("adapt", room, "--steps", 24, "--out", model)).isEqualTo(1);
    assertThat(err.toString()).contains("room.onnx: is there already", "--force");
  }

  @Test
  void aCameraThatStandsStillTeachesNothingAndIsToldSo() {
    Path model = temp.resolve("still.onnx");
    assertThat(parallax("adapt", simulated("still", 40), "--out", model)).isEqualTo(1);
    assertThat(err.toString())
        .contains("too little parallax", "of 40 frames 39 stood still", "move the camera sideways")
        .doesNotContain("\tat ");
    assertThat(model).doesNotExist();
  }

  @Test
  void whatCannotBeRefinedIsNamedBeforeAnythingIsPlayed() throws IOException {
    Path model = temp.resolve("out.onnx");
    Path gone = temp.resolve("gone.onnx");
    assertThat(parallax("adapt", temp, "--from", gone, "--out", model)).isEqualTo(1);
    assertThat(err.toString()).contains("gone.onnx: no such file");
    Path yaml = Files.writeString(temp.resolve("own.yaml"), "file: own.onnx");
    assertThat(parallax("adapt", temp, "--from", yaml, "--out", model)).isEqualTo(1);
    assertThat(err.toString()).contains("only Parallax's own networks can be refined");
    assertThat(parallax("adapt", temp, "--scale", "sensor-depth", "--out", model)).isEqualTo(1);
    assertThat(err.toString()).contains("learns from one camera alone");
    assertThat(parallax("adapt", temp, "--out", temp.resolve("model.pt"))).isEqualTo(2);
    assertThat(err.toString()).contains("--out must end in .onnx").doesNotContain("\tat ");
  }
}
