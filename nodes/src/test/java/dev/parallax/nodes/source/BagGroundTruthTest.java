package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.codec.RosPoseStamped;
import dev.parallax.nodes.source.bag.BagWriter;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.GroundTruth;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BagGroundTruthTest {
  @TempDir Path folder;

  @Test
  void theTumBagTellsPosesFramesAndRectifiedDepth() {
    GroundTruth truth =
        GroundTruths.open(
            RealData.path("bags/tum_fr1_rpy_150f_jpeg_depth.bag"),
            RecordingOptions.defaults().withDepthUnitsPerM(OptionalDouble.of(5000)));
    assertThat(truth.frameStamps()).hasSize(150);
    assertThat(truth.poses()).hasSize(497);
    assertThat(truth.camera().fx()).isEqualTo(517.3);
    int known = 0;
    // Forward in time, then back: asking out of order must give the same.
    DepthMap tenth = truth.depth(truth.frameStamps().get(10));
    DepthMap last = truth.depth(truth.frameStamps().get(140));
    assertThat(truth.depth(truth.frameStamps().get(10)).depthM()).isEqualTo(tenth.depthM());
    assertThat(last.depthM()).isNotEqualTo(tenth.depthM());
    for (int i = 0; i < tenth.depthM().length; i++) {
      if (!Float.isNaN(tenth.depthM()[i])) {
        known++;
        assertThat(tenth.depthM()[i]).isBetween(0.3f, 13.2f);
        assertThat(tenth.stdM()[i]).isZero();
      }
    }
    assertThat(known / (double) tenth.depthM().length).isBetween(0.4, 0.95);
    assertThat(truth.depth(new Timestamp(5))).isNull();
  }

  @Test
  void severalPoseTopicsAreNotGuessedBetween() throws Exception {
    Path path = folder.resolve("poses.bag");
    RosHeader header = new RosHeader(0, new Timestamp(7), "world");
    Picture picture = new Picture(4, 4, Picture.Format.MONO8, new byte[16]);
    try (BagWriter writer = BagWriter.create(path, BagWriter.Compression.NONE)) {
      int image = writer.addConnection("/image", Ros1Type.IMAGE);
      writer.write(image, header.stamp(), new RosPictures().message(picture, header).toBytes());
      for (String topic : new String[] {"/a/pose", "/b/pose"}) {
        writer.write(
            writer.addConnection(topic, Ros1Type.POSE_STAMPED),
            header.stamp(),
            new RosPoseStamped(header, Se3.ofTranslation(1, 2, 3)).toBytes());
      }
    }
    assertThatThrownBy(() -> GroundTruths.open(path))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("several pose topics", "/a/pose", "/b/pose");
  }
}
