package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.GroundTruths;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the command writes, the sources read back as it was drawn. */
class SimCommandTest {
  @TempDir private Path temp;
  private final StringWriter err = new StringWriter();

  @Test
  void aFolderHoldsThePicturesAndTheirTruth() {
    Path out = temp.resolve("room");
    assertThat(sim("--scene", "room", "--out", out.toString())).isZero();

    SimulatedFrame drawn = drawn(2);
    List<CameraFrame> frames = frames(out);
    assertThat(frames).hasSize(3);
    assertThat(frames.get(2).stamp()).isEqualTo(drawn.frame().stamp());
    assertThat(frames.get(2).picture().data()).isEqualTo(drawn.frame().picture().data());

    GroundTruth truth = GroundTruths.open(out);
    Timestamp stamp = drawn.frame().stamp();
    assertThat(truth.poses()).hasSize(3);
    assertThat(truth.poses().get(2).T_world_cam().inverse().times(drawn.T_world_cam()).distance())
        .isLessThan(1e-5);
    float[] depthM = truth.depth(stamp).depthM();
    float[] velocity = truth.sceneFlow(stamp).velocityMps();
    for (int i = 0; i < depthM.length; i++) {
      assertThat(Math.abs(depthM[i] - drawn.depth().depthM()[i])).isLessThan(2e-4f);
      assertThat(Math.abs(velocity[3 * i] - drawn.sceneFlow().velocityMps()[3 * i]))
          .isLessThan(1e-3f);
    }
    assertThat(truth.movingMask(stamp).labels()).isEqualTo(drawn.movingMask().labels());
  }

  @ParameterizedTest
  @ValueSource(strings = {"room.bag", "room.mcap"})
  void aBagAndMcapHoldPicturesDepthAndPoses(String name) {
    Path out = temp.resolve("deeper").resolve(name);
    assertThat(sim("--scene", "room", "--out", out.toString())).isZero();

    SimulatedFrame drawn = drawn(1);
    List<CameraFrame> frames = frames(out);
    assertThat(frames).hasSize(3);
    assertThat(frames.get(1).picture().data()).isEqualTo(drawn.frame().picture().data());
    GroundTruth truth = GroundTruths.open(out);
    assertThat(truth.depth(drawn.frame().stamp()).depthM()).isEqualTo(drawn.depth().depthM());
    assertThat(truth.poses().get(1).T_world_cam().inverse().times(drawn.T_world_cam()).distance())
        .isLessThan(1e-9);
  }

  @Test
  void aFolderWithSomethingInItIsLeftAloneAndTheRemedyNamed() throws IOException {
    Files.writeString(temp.resolve("notes.txt"), "mine");

    assertThat(sim("--scene", "room", "--out", temp.toString())).isEqualTo(ExitStatus.FAILED);

    assertThat(err.toString()).contains("not empty").contains("--out").hasLineCount(1);
    assertThat(temp).isDirectoryContaining(path -> path.endsWith("notes.txt"));
    assertThat(temp.resolve("rgb.txt")).doesNotExist();
  }

  @Test
  void anUnknownSceneAndImpossibleFiguresAreRefusedByName() {
    String out = temp.resolve("x").toString();
    assertThat(sim("--scene", "moon", "--out", out)).isEqualTo(ExitStatus.USAGE);
    assertThat(err.toString()).contains("'moon'").contains("room-handheld");
    assertThat(sim("--scene", "room", "--out", out, "--fps", "0")).isEqualTo(ExitStatus.USAGE);
    assertThat(sim("--scene", "room", "--out", out, "--jpeg", "300")).isEqualTo(ExitStatus.USAGE);
  }

  private int sim(String... args) {
    List<String> all = new ArrayList<>(List.of("sim", "--frames", "3"));
    all.addAll(List.of("--width", "96", "--height", "72", "--seed", "5"));
    all.addAll(List.of(args));
    CommandLine command = ParallaxCommand.commandLine();
    command.setErr(new PrintWriter(err, true));
    command.setOut(new PrintWriter(new StringWriter()));
    return command.execute(all.toArray(String[]::new));
  }

  private static SimulatedFrame drawn(int index) {
    SimulationConfig config = SimulationConfig.defaults(5, 3, 20).withSize(96, 72);
    try (SimulatedSequence sequence = SimulatedSequence.of(Scenes.ROOM, config)) {
      return sequence.frame(index);
    }
  }

  private static List<CameraFrame> frames(Path recording) {
    List<CameraFrame> frames = new ArrayList<>();
    try (FrameSource source = Recordings.open(recording, RecordingOptions.defaults())) {
      for (SourceItem item = source.next(); item != null; item = source.next()) {
        frames.add(((SourceItem.Frame) item).frame());
      }
    }
    return frames;
  }
}
