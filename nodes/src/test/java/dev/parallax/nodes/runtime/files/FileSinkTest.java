package dev.parallax.nodes.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.codec.CalibrationYaml;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.ResultFolder;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.FrameOutcome.Skipped;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.StageTimings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {
  private static final float DEPTH_M = 2.5f;

  @TempDir Path temp;

  @Test
  void whatWasPublishedIsReadBackAsItWas() {
    Path out = run(3);

    ResultFolder read = ResultFolder.open(out);

    assertThat(read.poses()).hasSize(3);
    assertThat(read.poses().get(2).T_world_cam().tx()).isEqualTo(0.2);
    assertThat(read.framesGiven()).hasSize(4).last().isEqualTo(TestFrames.stamp(3));
    assertThat(read.depth(TestFrames.stamp(1)).depthM()).containsOnly(DEPTH_M);
    assertThat(read.depth(TestFrames.stamp(1)).stdM()).containsOnly(DEPTH_M / 100);
    assertThat(read.sceneFlow(TestFrames.stamp(1)).velocityMps()).containsOnly(0f);
    assertThat(read.movingMask(TestFrames.stamp(1)).labels()).containsOnly((byte) 0);
  }

  @Test
  void theLedgerSaysWhatBecameOfEachFrame() throws IOException {
    List<String> lines = Files.readAllLines(run(3).resolve("frames.csv"));
    assertThat(lines.get(0))
        .isEqualTo(
            "sequence,stamp,outcome,reason,state,scale,scale_std,inlier_share,preprocess_ms,flow_ms,"
                + "pose_ms,depth_ms,scene_flow_ms,map_ms,loop_ms,total_ms,detail");
    assertThat(lines.get(1))
        .isEqualTo("0,1.000000000,published,,TRACKING,relative,,0.9000,,2.000,,,,,,5.000,");
    assertThat(lines.get(4))
        .isEqualTo("3,1.300000000,skipped,refused,,,,,,,,,,,,,\"a.png: cut \"\"short\"\"\"");
    int columns = lines.get(0).split(",", -1).length;
    assertThat(lines).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(columns));
  }

  @Test
  void theMapIsWhatMapServerReads() throws IOException {
    Path out = run(1);
    byte[] pgm = Files.readAllBytes(out.resolve("map/map.pgm"));
    String header = "P5\n8 8\n255\n";
    assertThat(new String(pgm, 0, header.length(), StandardCharsets.US_ASCII)).isEqualTo(header);
    byte[] cells = Arrays.copyOfRange(pgm, header.length(), pgm.length);
    assertThat(cells).hasSize(64);
    // Voxel (3, 0) of the map is occupied: the lowest y is the picture's last row.
    assertThat(cells[7 * 8 + 3]).isEqualTo((byte) 0);
    assertThat(cells[0]).isEqualTo((byte) 205);
    assertThat(Files.readString(out.resolve("map/map.yaml")))
        .contains("image: map.pgm", "resolution: 0.05", "origin: [0.000000, 0.000000, 0.0]");
  }

  @Test
  void theCloudHoldsTheCentresOfTheOccupiedVoxels() throws IOException {
    byte[] ply = Files.readAllBytes(run(1).resolve("map/cloud.ply"));
    String text = new String(ply, StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("ply\nformat binary_little_endian 1.0\n");
    assertThat(text).contains("element vertex 1\n");
    int body = text.indexOf("end_header\n") + "end_header\n".length();
    assertThat(ply.length - body).isEqualTo(15);
    ByteBuffer point = ByteBuffer.wrap(ply, body, 15).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(point.getFloat()).isEqualTo(0.175f);
    assertThat(point.getFloat()).isEqualTo(0.025f);
    assertThat(point.getFloat()).isEqualTo(0.025f);
  }

  @Test
  void theReportNeedsNothingElseAndSaysThatRelativeLengthsAreNoMetres() throws IOException {
    String html = Files.readString(run(3).resolve("report.html"));
    assertThat(html)
        .contains("not metres", "2.50 units", "scale: &lt;relative&gt;", "data:image/jpeg;base64,")
        .contains("prefers-color-scheme")
        .doesNotContain("http://", "https://", " src=\"/", "NaN");
    assertThat(html).contains("skipped: refused");
  }

  @Test
  void theCameraOfTheDepthIsARosCalibration() throws Exception {
    assertThat(CalibrationYaml.read(run(1).resolve("camera.yaml"))).isEqualTo(TestFrames.CAMERA);
  }

  @Test
  void anEarlierReplayIsReplacedOnlyWhenAsked() throws IOException {
    Path out = run(3);
    Files.writeString(out.resolve("my-notes.txt"), "keep");
    assertThatThrownBy(() -> OutputFolder.prepare(out, false))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining(out.toString())
        .hasMessageContaining("--force");

    OutputFolder.prepare(out, true);

    assertThat(out.resolve("depth")).doesNotExist();
    assertThat(out.resolve("my-notes.txt")).exists();
  }

  @Test
  void aRecordingIsNeverTakenForAnEarlierReplay() throws IOException {
    Path recording = Files.createDirectories(temp.resolve("tum/depth")).getParent();
    assertThatThrownBy(() -> OutputFolder.prepare(recording, true))
        .isInstanceOf(OutputException.class)
        .hasMessageContaining("no replay left there");
    assertThat(recording.resolve("depth")).exists();
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefusedByName() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    assertThatThrownBy(() -> OutputFolder.prepare(file, false))
        .isInstanceOf(OutputException.class)
        .hasMessage(file + ": is a file; name a folder with --out");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsNamedWithItsRemedy() {
    try (GrowingFile full = new GrowingFile(Path.of("/dev/full"))) {
      assertThatThrownBy(() -> full.appendLine("1 2 3"))
          .isInstanceOf(OutputException.class)
          .hasMessageStartingWith("/dev/full: cannot be written: the disk is full");
    }
  }

  @Test
  void nothingUnfinishedIsLeftBehind() throws IOException {
    try (Stream<Path> files = Files.walk(run(3))) {
      assertThat(files).noneMatch(file -> file.toString().endsWith(".part"));
    }
  }

  /** Publishes {@code n} frames and refuses one more. */
  private Path run(int n) {
    Path out = temp.resolve("out");
    OutputFolder folder = OutputFolder.prepare(out, false);
    try (FileSink sink = new FileSink(folder, "test", List.of("input: test"))) {
      sink.accept(Notice.info("scale: <relative>"));
      for (int i = 0; i < n; i++) {
        SourceItem.Frame frame = TestFrames.frame(i);
        sink.accept(frame, TestFrames.estimated(frame, DEPTH_M, i == 0 ? oneVoxel() : none()));
      }
      sink.accept(
          TestFrames.refused(n),
          new Skipped(
              TestFrames.id(n),
              TestFrames.stamp(n),
              Skipped.Reason.REFUSED,
              "a.png: cut \"short\"",
              StageTimings.none()));
    }
    return out;
  }

  /** A map with one occupied voxel, (3, 0, 0). */
  private static OccupancyDelta oneVoxel() {
    byte[] block = new byte[VoxelBlockMap.BLOCK_VOXELS];
    Arrays.fill(block, VoxelBlockMap.UNOBSERVED);
    block[3] = 100;
    return new OccupancyDelta(0.05, new long[] {VoxelBlockMap.key(0, 0, 0)}, new byte[][] {block});
  }

  private static OccupancyDelta none() {
    return OccupancyDelta.none(0.05);
  }
}
