package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parallax.nodes.RealData;
import dev.parallax.nodes.codec.CalibrationYaml;
import dev.parallax.nodes.codec.FieldImages;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.nodes.source.GroundTruths;
import dev.parallax.nodes.source.SequenceFolderWriter;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.GroundTruth;
import dev.parallax.sim.eval.StampedPose;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A camera approaches a wall 4 m away in steps of 0.1 m, swaying by ±0.05 m. The run has everything
 * right but in a unit of half a metre, and lost one of six frames.
 */
class EvalCommandTest {
  private static final int FRAMES = 6;
  private static final int LOST = 5;
  private static final PinholeCamera CAMERA = new PinholeCamera(32, 24, 30, 30, 15.5, 11.5);
  private static final PinholeCamera DEPTH_CAMERA = CAMERA.reducedBy(2);

  @TempDir private Path root;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ImageCodec codec = new ImageCodec();
  private Path truth;
  private Path run;

  @BeforeEach
  void makeRecordingAndRun() throws IOException {
    truth = root.resolve("truth");
    run = Files.createDirectories(root.resolve("run"));
    Files.createDirectories(run.resolve("depth"));
    Files.createDirectories(run.resolve("depth_std"));
    CalibrationYaml.write(run.resolve("camera.yaml"), "depth", DEPTH_CAMERA);
    StringBuilder trajectory = new StringBuilder();
    StringBuilder ledger = new StringBuilder("sequence,stamp,outcome,state,scale\n");
    try (SequenceFolderWriter recording =
        new SequenceFolderWriter(truth, SequenceFolderWriter.Config.defaults())) {
      for (int i = 0; i < FRAMES; i++) {
        double x = i % 2 == 0 ? 0.05 : -0.05;
        double z = 0.1 * i;
        recording.write(
            frame(i), Se3.ofTranslation(x, 0, z), wall(CAMERA, 4 - z), null, null, null);
        ledger.append(i).append(',').append(stamp(i)).append(i == LOST ? ",lost," : ",published,");
        ledger.append(i == LOST ? "LOST,\n" : "TRACKING,relative\n");
        if (i != LOST) {
          trajectory.append(
              String.format(Locale.ROOT, "%s %f 0 %f 0 0 0 1%n", stamp(i), 2 * x, 2 * z));
          png("depth", i, 2 * (4 - z));
          png("depth_std", i, 0.1);
        }
      }
    }
    Files.writeString(run.resolve("trajectory.tum"), trajectory);
    Files.writeString(run.resolve("frames.csv"), ledger);
  }

  @Test
  void aRunInHalfMetresIsRightInShapeAndWrongInScale() throws IOException {
    assertThat(eval("--est", run.toString(), "--gt", truth.toString())).isEqualTo(ExitStatus.OK);
    assertThat(err.toString()).isEmpty();
    assertThat(value("odometry", "coverage")).isCloseTo(500.0 / 6, within(1e-9));
    assertThat(value("odometry", "ATE Sim(3)")).isCloseTo(0, within(1e-6));
    assertThat(value("odometry", "scale to truth")).isCloseTo(0.5, within(1e-6));
    // Doubled, every position is as far out again as the truth is spread.
    assertThat(value("odometry", "ATE SE(3)"))
        .isCloseTo(value("odometry", "ATE floor"), within(1e-6));
    assertThat(value("odometry", "RPE rotation")).isCloseTo(0, within(1e-6));
    assertThat(value("depth", "frames with depth")).isCloseTo(500.0 / 6, within(1e-9));
    assertThat(value("depth", "density")).isEqualTo(1);
    // Twice the depth: AbsRel 1 as published, nothing after a scale (bins of 0.1 %).
    assertThat(value("depth", "AbsRel, as published")).isCloseTo(1, within(1e-3));
    assertThat(value("depth", "delta1, as published")).isZero();
    assertThat(value("depth", "AbsRel, one median scale")).isCloseTo(0, within(1e-3));
    assertThat(value("depth", "AbsRel, scale and shift in disparity")).isCloseTo(0, within(1e-3));
    assertThat(value("depth", "F-score 10 cm, one median scale")).isEqualTo(1);
    assertThat(value("depth", "TAE, one median scale")).isCloseTo(0, within(0.05));
    assertThat(value("depth", "within 1 std")).isEqualTo(1);
    assertThat(value("map", "true path marked occupied")).isZero();
    assertThat(out.toString())
        .contains("lengths of the run are relative, not metres")
        .contains("scene flow: no frame has both an estimated and a true moving mask");
  }

  @Test
  void leavesATableAsJsonAndAPageThatNeedsNothingElse() throws IOException {
    Path folder = root.resolve("figures");
    eval("--est", run.toString(), "--gt", truth.toString(), "--out", folder.toString());
    JsonNode json = new ObjectMapper().readTree(folder.resolve("eval.json").toFile());
    assertThat(json.get("measures").size()).isGreaterThan(20);
    assertThat(json.get("missing").size()).isGreaterThan(0);
    assertThat(json.get("curves").get("odometry.error_sim3").get("x").size()).isEqualTo(5);
    String page = Files.readString(folder.resolve("eval.html"));
    assertThat(page.split("<svg ", -1)).hasSizeGreaterThanOrEqualTo(6);
    assertThat(page)
        .contains("prefers-color-scheme:dark")
        .contains("ATE Sim(3)")
        .doesNotContain("http://", "https://", "src=");
  }

  @Test
  void whatIsMissingIsSaidAndNotInvented() throws IOException {
    delete(run.resolve("depth"));
    assertThat(eval("--est", run.toString(), "--gt", truth.toString())).isEqualTo(ExitStatus.OK);
    assertThat(out.toString()).contains("depth: the run left no depth").doesNotContain("AbsRel");
  }

  @Test
  void anotherRunTellsTheTruthsErrorsIfItIsLongEnough() {
    String[] both = {"--est", run.toString(), "--beside", run.toString(), "--gt", truth.toString()};
    assertThat(eval(both)).isEqualTo(ExitStatus.OK);
    assertThat(out.toString())
        .contains("errors of the truth itself: the two runs have 4 steps in common; 20 are needed");
    both[3] = root.resolve("none").toString();
    assertThat(eval(both)).isEqualTo(ExitStatus.USAGE);
    assertOneLine("none");
  }

  @Test
  void nothingToJudgeIsAFailure() throws IOException {
    delete(run.resolve("depth"));
    Files.writeString(run.resolve("trajectory.tum"), "");
    assertThat(eval("--est", run.toString(), "--gt", truth.toString()))
        .isEqualTo(ExitStatus.FAILED);
    assertOneLine("nothing in it could be judged");
  }

  @Test
  void badInputIsOneLineThatNamesIt() {
    Path none = root.resolve("none");
    assertThat(eval("--est", none.toString(), "--gt", truth.toString()))
        .isEqualTo(ExitStatus.USAGE);
    assertOneLine(none + ": not a folder");
    err.getBuffer().setLength(0);
    assertThat(eval("--est", run.toString(), "--gt", none.toString())).isEqualTo(ExitStatus.USAGE);
    assertOneLine(none + ": no such file or folder");
  }

  @Test
  void depthOfAnotherSizeThanItsCameraIsOneLine() throws IOException {
    png("depth", 2, new DepthMap(1, 1, new float[] {1}, new float[1]).depthM(), 1, 1);
    assertThat(eval("--est", run.toString(), "--gt", truth.toString())).isEqualTo(ExitStatus.USAGE);
    assertOneLine("is 1x1 but camera.yaml says 16x12");
  }

  @Test
  void truePosesOfARealDriveDoubledAreRightInShape() throws IOException {
    Path kitti = RealData.path("kitti06-stereo-51f");
    GroundTruth known = GroundTruths.open(kitti);
    List<String> lines = new ArrayList<>();
    for (StampedPose pose : known.poses()) {
      Se3 T = pose.T_world_cam();
      double[] q = T.quaternion();
      lines.add(
          String.format(
              Locale.ROOT,
              "%s %.9f %.9f %.9f %.9f %.9f %.9f %.9f",
              pose.stamp(),
              2 * T.tx(),
              2 * T.ty(),
              2 * T.tz(),
              q[0],
              q[1],
              q[2],
              q[3]));
    }
    Path doubled = Files.createDirectories(root.resolve("doubled"));
    Files.write(doubled.resolve("trajectory.tum"), lines);
    eval("--est", doubled.toString(), "--gt", kitti.toString(), "--out", run.toString());
    assertThat(value("odometry", "coverage")).isEqualTo(100);
    assertThat(value("odometry", "ATE Sim(3)")).isCloseTo(0, within(1e-6));
    assertThat(value("odometry", "ATE SE(3)")).isGreaterThan(10);
    assertThat(value("odometry", "KITTI t_rel, 7-DoF aligned")).isCloseTo(0, within(0.01));
    // Twice the path with the last step beyond each length: a little over 100 %.
    assertThat(value("odometry", "KITTI t_rel, unaligned")).isBetween(100.0, 112.0);
  }

  private int eval(String... arguments) {
    String[] all =
        Stream.concat(Stream.of("eval"), Arrays.stream(arguments)).toArray(String[]::new);
    CommandLine line = ParallaxCommand.commandLine();
    return line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(all);
  }

  private double value(String group, String measure) throws IOException {
    JsonNode json = new ObjectMapper().readTree(run.resolve("eval.json").toFile());
    for (JsonNode node : json.get("measures")) {
      if (node.get("group").asText().equals(group)
          && node.get("measure").asText().equals(measure)) {
        return node.get("value").asDouble();
      }
    }
    throw new AssertionError("No measure " + group + ": " + measure + " in\n" + out);
  }

  private void assertOneLine(String part) {
    assertThat(err.toString().strip()).contains(part).doesNotContain("\n");
  }

  private void png(String kind, int frame, double value) throws IOException {
    png(kind, frame, wall(DEPTH_CAMERA, value).depthM(), 16, 12);
  }

  private void png(String kind, int frame, float[] values, int width, int height)
      throws IOException {
    Files.write(
        run.resolve(kind).resolve(stamp(frame) + ".png"),
        codec.encodePng16(FieldImages.units(width, height, values, 1000)));
  }

  private static DepthMap wall(PinholeCamera camera, double depthM) {
    float[] depth = new float[camera.width() * camera.height()];
    Arrays.fill(depth, (float) depthM);
    return new DepthMap(camera.width(), camera.height(), depth, new float[depth.length]);
  }

  private static Timestamp stamp(int frame) {
    return new Timestamp(1_000_000_000L + frame * 100_000_000L);
  }

  private static CameraFrame frame(int i) {
    return new CameraFrame(
        new FrameId(new CameraId("test"), i),
        stamp(i),
        new CameraCalibration(CAMERA, CameraCalibration.Origin.GIVEN),
        new Picture(32, 24, Picture.Format.MONO8, new byte[32 * 24]),
        null);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
