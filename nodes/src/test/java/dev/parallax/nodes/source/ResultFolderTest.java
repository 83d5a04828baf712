package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.nodes.codec.CalibrationYaml;
import dev.parallax.nodes.codec.Image16;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.SceneFlowField;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {
  private static final Timestamp STAMP = new Timestamp(1_500_000_000L);
  private final ImageCodec codec = new ImageCodec();
  @TempDir private Path folder;

  @Test
  void readsPosesAndLedger() throws IOException {
    write("trajectory.tum", "# stamp tx ty tz qx qy qz qw\n1.5 1 2 3 0 0 0 1\n1.6 4 5 6 0 0 0 1\n");
    write(
        "frames.csv",
        """
        sequence,stamp,outcome,reason,state,scale,detail
        0,1.5,published,,TRACKING,sensor depth,
        1,1.6,published,,TRACKING,sensor depth,
        2,1.7,lost,,LOST,,"too dark, too blurred"
        """);
    ResultFolder run = ResultFolder.open(folder);
    assertThat(run.poses()).hasSize(2);
    assertThat(run.poses().get(0).stamp()).isEqualTo(STAMP);
    assertThat(run.poses().get(1).T_world_cam().translation()).containsExactly(4, 5, 6);
    assertThat(run.framesGiven()).hasSize(3);
    assertThat(run.isMetric()).isTrue();
    assertThat(run.depthStamps()).isEmpty();
    assertThat(run.depth(STAMP)).isNull();
  }

  @Test
  void withoutALedgerOrWithARelativeFrameLengthsAreNotMetres() throws IOException {
    write("trajectory.tum", "1.5 1 2 3 0 0 0 1\n");
    assertThat(ResultFolder.open(folder).isMetric()).isFalse();
    write("frames.csv", "stamp,state,scale\n1.5,TRACKING,sensor depth\n1.6,TRACKING,relative\n");
    assertThat(ResultFolder.open(folder).isMetric()).isFalse();
    write("frames.csv", "stamp\n1.5\n");
    assertThatThrownBy(() -> ResultFolder.open(folder))
        .hasMessageContaining("frames.csv: not a ledger of replay (no column \"scale\")");
    write("frames.csv", "stamp,state,scale\n1.5\n");
    assertThatThrownBy(() -> ResultFolder.open(folder)).hasMessageContaining("cut short");
  }

  @Test
  void depthLiesOnItsOwnCamera() throws Exception {
    png("depth", new Image16(2, 1, 1, new short[] {2500, 0}));
    CalibrationYaml.write(
        folder.resolve("camera.yaml"), "depth", new PinholeCamera(2, 1, 50, 51, 0.5, 0));
    ResultFolder run = ResultFolder.open(folder);
    assertThat(run.depthCamera()).isEqualTo(new PinholeCamera(2, 1, 50, 51, 0.5, 0));
    png("depth", new Image16(1, 1, 1, new short[] {2500}));
    assertThatThrownBy(() -> run.depth(STAMP))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("is 1x1 but camera.yaml says 2x1");
  }

  @Test
  void readsDepthInMillimetresWithItsStd() throws IOException {
    png("depth", new Image16(2, 1, 1, new short[] {2500, 0}));
    png("depth_std", new Image16(2, 1, 1, new short[] {30, 0}));
    ResultFolder run = ResultFolder.open(folder);
    assertThat(run.depthStamps()).isEqualTo(List.of(STAMP));
    DepthMap depth = run.depth(STAMP);
    assertThat(depth.depthM()[0]).isCloseTo(2.5f, within(1e-6f));
    assertThat(depth.stdM()[0]).isCloseTo(0.03f, within(1e-6f));
    assertThat(depth.depthM()[1]).isNaN();
  }

  @Test
  void readsSceneFlowAndMask() throws IOException {
    write("trajectory.tum", "");
    // 33768 = 32768 + 1000: 1 m/s to the right; 32268: 0.5 m/s up; all zero: unknown.
    short[] rgb = {(short) 33768, (short) 32268, (short) 32768, 0, 0, 0};
    png("scene_flow", new Image16(2, 1, 3, rgb));
    Files.createDirectories(folder.resolve("moving_mask"));
    byte[] labels = {(byte) 255, 127};
    Files.write(
        folder.resolve("moving_mask").resolve(STAMP + ".png"),
        codec.encodePng(new Picture(2, 1, Picture.Format.MONO8, labels)));
    ResultFolder run = ResultFolder.open(folder);
    SceneFlowField flow = run.sceneFlow(STAMP);
    assertThat(flow.velocityMps()[0]).isCloseTo(1, within(1e-6f));
    assertThat(flow.velocityMps()[1]).isCloseTo(-0.5f, within(1e-6f));
    assertThat(flow.velocityMps()[2]).isZero();
    assertThat(flow.velocityMps()[3]).isNaN();
    assertThat(run.movingMask(STAMP).labels())
        .containsExactly(MovingMask.MOVING, MovingMask.UNKNOWN);
  }

  @Test
  void namesWhatIsWrongInOneLine() throws IOException {
    assertThatThrownBy(() -> ResultFolder.open(folder.resolve("none")))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("none: not a folder");
    assertThatThrownBy(() -> ResultFolder.open(folder))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("neither trajectory.tum nor depth/");
    write("trajectory.tum", "1.5 1 2 3 0 0 0 1\n1.6 1 2 three 0 0 0 1\n");
    assertThatThrownBy(() -> ResultFolder.open(folder))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("trajectory.tum:2: not a pose");
    write("trajectory.tum", "1.5 1 2 3 0 0 0 1\n1.4 1 2 3 0 0 0 1\n");
    assertThatThrownBy(() -> ResultFolder.open(folder))
        .hasMessageContaining("trajectory.tum:2: stamp 1.400000000 is not after the one before");
    write("trajectory.tum", "1.5 1 2 3 0 0 0 0\n");
    assertThatThrownBy(() -> ResultFolder.open(folder)).hasMessageContaining("not a rotation");
  }

  @Test
  void aPictureCutShortIsNamed() throws IOException {
    png("depth", new Image16(2, 1, 1, new short[] {2500, 0}));
    Path file = folder.resolve("depth").resolve(STAMP + ".png");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));
    ResultFolder run = ResultFolder.open(folder);
    assertThatThrownBy(() -> run.depth(STAMP))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("cut short");
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void png(String kind, Image16 image) throws IOException {
    Files.createDirectories(folder.resolve(kind));
    Files.write(folder.resolve(kind).resolve(STAMP + ".png"), codec.encodePng16(image));
  }
}
