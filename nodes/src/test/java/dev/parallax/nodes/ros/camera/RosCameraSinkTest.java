package dev.parallax.nodes.ros.camera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.ros.RosMaster;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.camera.RosCameraConfig.Frames;
import dev.parallax.nodes.ros.tcpros.TcpRosClient;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.FrameOutcome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RosCameraSinkTest {
  private static final RosCameraConfig CONFIG =
      new RosCameraConfig(
          "front",
          "/front",
          "/image",
          null,
          null,
          null,
          null,
          1000,
          null,
          Frames.defaults(),
          Path.of("map"));

  @Test
  void lengthsInAnArbitraryUnitAreNeverUnderTheNamesOfMetres(@TempDir Path home) {
    try (RosMaster master = RosMaster.start(home);
        RosNode node = new TcpRosClient().connect(master.config("parallax"), line -> {});
        RosLogTopic log = new RosLogTopic(node);
        TransformListener transforms = new TransformListener(node)) {
      Placement placement =
          new Placement(Frames.defaults(), transforms, warning -> {}, frame -> {});
      CameraHealth health = new CameraHealth("front", () -> "none in use", 0);
      try (RosCameraSink sink =
          new RosCameraSink(
              CONFIG, false, node, log, placement, health, () -> "camera", () -> 0L)) {
        sink.accept(TestFrames.frame(0), outcome(0, ScaleSource.RELATIVE));
        assertThat(topics(master))
            .contains("/front/relative/depth/image", "/front/relative/odometry", "/front/scale")
            .contains("/front/moving_mask", "/tf")
            .doesNotContain("/front/depth/image", "/front/odometry", "/front/occupancy");
        assertThat(sink.lengths().frames().odom()).isEqualTo("odom_relative");
        sink.accept(TestFrames.frame(1), outcome(1, ScaleSource.CAMERA_HEIGHT));
        assertThat(topics(master))
            .contains("/front/depth/image", "/front/odometry", "/front/occupancy", "/tf")
            .noneMatch(topic -> topic.contains("relative"));
        assertThat(sink.lengths().frames().odom()).isEqualTo("odom");
      }
    }
  }

  private static FrameOutcome outcome(long sequence, ScaleSource scale) {
    SourceItem.Frame frame = TestFrames.frame(sequence);
    return TestFrames.estimated(frame, 2, OccupancyDelta.none(0.1), scale);
  }

  private static List<String> topics(RosMaster master) {
    return master.run("topics", "rostopic", "list", "-p").lines().toList();
  }
}
