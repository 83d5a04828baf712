package dev.parallax.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.parallax.nodes.source.ResultFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trouble that users have: each ends as one line that names the input and the remedy, or as a
 * counted skip, and what was done before stays readable.
 */
@Timeout(120)
class BadInputTest {
  private static final int FRAMES = 8;

  @TempDir Path temp;
  private Path clip;

  @BeforeEach
  void drawAClip() throws IOException {
    clip = SimulatedClip.write(temp.resolve("clip"), FRAMES);
  }

  @Test
  void noSuchFile() {
    Path missing = temp.resolve("missing.bag");
    assertRefused(CommandRun.of("replay", missing), missing, "no such file");
  }

  @Test
  void anEmptyFolder() throws IOException {
    Path empty = Files.createDirectory(temp.resolve("empty"));
    assertRefused(CommandRun.of("replay", empty), empty, "");
  }

  @Test
  void aFileThatIsNoBag() throws IOException {
    Path text = Files.writeString(temp.resolve("text.bag"), "not a bag");
    assertRefused(CommandRun.of("replay", text), text, "");
  }

  @Test
  void aBagWithoutImages() {
    Path bag = RealData.path("bags/sail_run1_bz2_imu_gps_odom.bag");
    assertRefused(CommandRun.of("replay", bag), bag, "holds no pictures");
  }

  @Test
  void aBagWhoseEveryPictureHasAnUnknownEncoding() throws IOException {
    Path bags = RealData.path("bags");
    Path qoi;
    try (Stream<Path> files = Files.list(bags)) {
      qoi =
          files
              .filter(f -> f.getFileName().toString().startsWith("qoi_compressed"))
              .findFirst()
              .get();
    }
    CommandRun run = CommandRun.of("replay", qoi);
    assertThat(run.status()).isNotZero();
    assertThat(run.err()).contains(qoi.getFileName().toString()).containsIgnoringCase("qoi");
    assertOneLine(run);
  }

  @Test
  void aCalibrationWithTooFewCoefficients() throws IOException {
    Path yaml = temp.resolve("short.yaml");
    String whole = Files.readString(clip.resolve("camera.yaml"));
    Files.writeString(
        yaml,
        whole
            .replaceFirst("cols: 5", "cols: 2")
            .replace("data: [0.0, 0.0, 0.0, 0.0, 0.0]", "data: [0.1, 0.2]"));
    assertRefused(CommandRun.of("replay", clip, "--camera", yaml), yaml, "2");
  }

  @Test
  void aCalibrationForAnotherPictureSize() throws IOException {
    Path yaml = temp.resolve("large.yaml");
    String whole = Files.readString(clip.resolve("camera.yaml"));
    Files.writeString(
        yaml,
        whole
            .replace("image_width: 320", "image_width: 640")
            .replace("image_height: 240", "image_height: 480"));
    CommandRun run = CommandRun.of("replay", clip, "--camera", yaml);
    assertThat(run.status()).isNotZero();
    assertThat(run.err()).contains("320x240", "640x480");
    assertOneLine(run);
  }

  @Test
  void aPictureCutShortIsSkippedByNameAndTheRestGoesOn() throws IOException {
    Path cut = clip.resolve("0004.png");
    byte[] bytes = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
    Path out = temp.resolve("out");

    CommandRun run = CommandRun.of("replay", clip, "--out", out);

    assertThat(run.status()).as(run.err()).isZero();
    List<String> ledger = Files.readAllLines(out.resolve("frames.csv"));
    assertThat(ledger).hasSize(FRAMES + 1);
    assertThat(ledger.get(5)).contains(",skipped,refused,").contains("0004.png").contains("cut");
    assertThat(run.out()).contains("refused 1");
  }

  @Test
  void aStampThatGoesBackIsSkippedAndCounted() throws IOException {
    List<String> times = Files.readAllLines(clip.resolve("times.txt"));
    times.set(5, times.get(2));
    Files.write(clip.resolve("times.txt"), times);
    Path out = temp.resolve("out");

    CommandRun run = CommandRun.of("replay", clip, "--out", out);

    List<String> ledger = Files.readAllLines(out.resolve("frames.csv"));
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(ledger).hasSize(FRAMES + 1);
    assertThat(ledger).filteredOn(line -> line.contains(",skipped,out_of_order,")).hasSize(1);
  }

  @Test
  void anOutputFolderThatAlreadyHoldsAReplay() {
    Path out = temp.resolve("out");
    assertThat(CommandRun.of("replay", clip, "--out", out).status()).isZero();

    CommandRun again = CommandRun.of("replay", clip, "--out", out);

    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains(out.toString(), "--force");
    assertOneLine(again);
    assertThat(CommandRun.of("replay", clip, "--out", out, "--force").status()).isZero();
  }

  @Test
  void anOutputFolderThatCannotBeMade() {
    CommandRun run = CommandRun.of("replay", clip, "--out", "/proc/parallax");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("/proc/parallax", "--out");
    assertOneLine(run);
  }

  @Test
  void aDiskThatFillsUpKeepsWhatWasDone() throws Exception {
    Path disk = Files.createDirectory(temp.resolve("disk"));
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", disk.toString());
    assumeTrue(mounted, "NOT RUN: needs the right to mount a small tmpfs; run it as root");
    try {
      Path out = disk.resolve("out");

      CommandRun run = CommandRun.of("replay", clip, "--out", out);

      assertThat(run.status()).isEqualTo(1);
      assertThat(run.err()).contains(out.toString(), "disk is full", "--out");
      assertOneLine(run);
      ResultFolder kept = ResultFolder.open(out);
      assertThat(kept.poses()).isNotEmpty();
      assertThat(kept.framesGiven()).isNotEmpty();
      assertThat(kept.depthStamps())
          .isNotEmpty()
          .allSatisfy(stamp -> assertThat(kept.depth(stamp)).isNotNull());
    } finally {
      assertThat(run("umount", disk.toString())).isTrue();
    }
  }

  @Test
  void anOptionOutOfRange() {
    CommandRun run = CommandRun.of("replay", clip, "--camera-height", -1);
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("Camera height", "-1", "--help");
  }

  private static void assertRefused(CommandRun run, Path named, String reason) {
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(named.getFileName().toString()).containsIgnoringCase(reason);
    assertOneLine(run);
  }

  private static void assertOneLine(CommandRun run) {
    assertThat(run.err().lines()).as(run.err()).hasSize(1);
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false; // no such program here
    }
  }
}
