package dev.parallax.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.source.ResultFolder;
import dev.parallax.perception.frame.DepthMap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code replay} by its real command line, judged by what it leaves. */
@Timeout(240)
class ReplayEndToEndTest {
  private static final int FRAMES = 20;

  @TempDir static Path temp;
  private static Path clip;

  @BeforeAll
  static void drawAClip() throws IOException {
    clip = SimulatedClip.write(temp.resolve("clip"), FRAMES);
  }

  @Test
  void aSimulatedDriveLeavesEveryOutputAndAccountsForEveryFrame() throws IOException {
    Path out = temp.resolve("out");
    CommandRun run = CommandRun.of("replay", clip, "--out", out);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).contains("%d in = ".formatted(FRAMES), "report.html");
    List<String> ledger = Files.readAllLines(out.resolve("frames.csv"));
    assertThat(ledger).hasSize(FRAMES + 1);
    long published = ledger.stream().filter(line -> line.contains(",published,")).count();
    assertThat(published).isGreaterThan(FRAMES / 2);
    ResultFolder results = ResultFolder.open(out);
    assertThat(results.poses()).hasSize((int) published);
    assertThat(results.depthStamps()).hasSize((int) published);
    assertThat(results.framesGiven()).hasSize(FRAMES);
    for (String folder : List.of("depth_std", "scene_flow", "moving_mask")) {
      try (Stream<Path> files = Files.list(out.resolve(folder))) {
        assertThat(files).as(folder).hasSize((int) published);
      }
    }
    assertThat(out.resolve("map/map.pgm")).isNotEmptyFile();
    assertThat(out.resolve("map/cloud.ply")).isNotEmptyFile();
    assertThat(Files.readString(out.resolve("config.yaml"))).contains("scale: \"relative\"");
    assertThat(Files.readString(out.resolve("report.html"))).contains("not metres");
  }

  @Test
  void twoReplaysLeaveTheSamePathAndTheSameDepthToTheByte() throws IOException {
    Path first = temp.resolve("first");
    Path second = temp.resolve("second");
    assertThat(CommandRun.of("replay", clip, "--out", first).status()).isZero();
    assertThat(CommandRun.of("replay", clip, "--out", second).status()).isZero();

    assertThat(second.resolve("trajectory.tum"))
        .hasSameBinaryContentAs(first.resolve("trajectory.tum"));
    for (String folder : List.of("depth", "depth_std", "scene_flow", "moving_mask", "map")) {
      assertThat(contents(second.resolve(folder)))
          .as(folder)
          .isNotEmpty()
          .isEqualTo(contents(first.resolve(folder)));
    }
  }

  @Test
  void aPartOfARecordingIsOnlyThatPart() throws IOException {
    Path out = temp.resolve("part");
    CommandRun run = CommandRun.of("replay", clip, "--start", 0.5, "--duration", 0.5, "--out", out);
    assertThat(run.status()).isZero();
    List<String> ledger = Files.readAllLines(out.resolve("frames.csv"));
    // 15 Hz from the first stamp, 1 s: the frames from 1.5 s up to but not at 2.0 s.
    assertThat(ledger.subList(1, ledger.size()))
        .allSatisfy(
            line -> assertThat(Double.parseDouble(line.split(",")[1])).isBetween(1.5, 1.9999999))
        .hasSizeBetween(7, 8);
  }

  @Test
  void playedFasterThanItCanBeProcessedFramesAreDroppedAndCounted() throws IOException {
    Path out = temp.resolve("live");
    CommandRun run = CommandRun.of("replay", clip, "--rate", 1000, "--out", out);
    assertThat(run.status()).as(run.err()).isZero();
    List<String> ledger = Files.readAllLines(out.resolve("frames.csv"));
    assertThat(run.out()).contains("%d in = ".formatted(FRAMES), "late ");
    assertThat(ledger).anyMatch(line -> line.contains(",skipped,late,"));
  }

  @Test
  void aRealClipIsTrackedWithDepthOfATrueRoomsSpread() {
    Path kitchen = RealData.path("7scenes-redkitchen-250f");
    Path out = temp.resolve("kitchen");
    CommandRun run =
        CommandRun.of(
            "replay", kitchen, "--duration", 1.32, "--scale", "sensor-depth", "--out", out);
    assertThat(run.status()).as(run.err()).isZero();
    ResultFolder results = ResultFolder.open(out);
    assertThat(results.framesGiven()).hasSize(40);
    assertThat(results.poses()).hasSizeGreaterThan(35);
    assertThat(results.isMetric()).isTrue();
    DepthMap last = results.depth(results.depthStamps().get(results.depthStamps().size() - 1));
    int known = 0;
    int inRoom = 0;
    for (float depthM : last.depthM()) {
      known += Float.isNaN(depthM) ? 0 : 1;
      inRoom += depthM > 0.3 && depthM < 6 ? 1 : 0;
    }
    assertThat(known).as("pixels with a depth").isGreaterThan(last.depthM().length / 2);
    assertThat(inRoom).as("depths that a kitchen has").isGreaterThan(known * 9 / 10);
  }

  /** Each file's bytes, comparable. */
  private static Map<String, ByteBuffer> contents(Path folder) throws IOException {
    Map<String, ByteBuffer> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
