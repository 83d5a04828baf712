package dev.parallax.nodes.runtime.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.parallax.nodes.NpmPeers;
import dev.parallax.nodes.Tools;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.RosOdometry;
import dev.parallax.nodes.codec.RosPath;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.BagFormat;
import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.nodes.source.bag.BagSummary;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.Notice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BagSinkTest {
  private static final ScaleSource SCALE = ScaleSource.SENSOR_DEPTH;
  private static final int FRAMES = 15;
  private static final float DEPTH_M = 2.5f;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"result.mcap", "result.bag"})
  void everyFrameLeavesItsMessagesAndTheMapComesOnceASecondAndAtTheEnd(String name)
      throws Exception {
    Path path = record(name, -1);
    try (Bag bag = Bags.open(path)) {
      assertThat(bag.warnings()).isEmpty();
      for (String topic :
          List.of(
              "/parallax/image_rect/compressed",
              "/parallax/camera_info",
              "/parallax/depth/image",
              "/parallax/depth/std_dev",
              "/parallax/depth/camera_info",
              "/parallax/scene_flow",
              "/parallax/scene_flow/points",
              "/parallax/moving_mask",
              "/parallax/odometry",
              "/tf")) {
        assertThat(count(bag, topic)).as(topic).isEqualTo(FRAMES);
      }
      // 15 frames at 10 Hz: at 0 s, at 1 s and at the end.
      for (String topic : List.of("/parallax/path", "/parallax/occupancy", "/parallax/voxels")) {
        assertThat(count(bag, topic)).as(topic).isEqualTo(3);
      }
      assertThat(count(bag, "/parallax/scale")).isEqualTo(1);
      assertThat(count(bag, "/rosout")).isEqualTo(2);
      RosOdometry last = RosOdometry.read(input(last(bag, "/parallax/odometry")));
      assertThat(last.header().frameId()).isEqualTo("odom");
      assertThat(last.T_parent_child().tx()).isEqualTo(0.1 * (FRAMES - 1));
      assertThat(last.twist()[0]).isCloseTo(1, offset(1e-9)); // 0.1 m in 0.1 s
    }
  }

  @Test
  void aLoopBeginsANewPathAndMap() throws Exception {
    Path path = record("loop.mcap", 10);
    try (Bag bag = Bags.open(path)) {
      RosPath way = RosPath.read(input(last(bag, "/parallax/path")));
      assertThat(way.poses()).hasSize(FRAMES - 10);
    }
  }

  @Test
  void aMotionThatWasNotSeenIsNoTwist() throws Exception {
    Path path = record("first.mcap", -1);
    try (Bag bag = Bags.open(path)) {
      Iterator<BagMessage> all = bag.messages(Set.of("/parallax/odometry"));
      RosOdometry first = RosOdometry.read(input(all.next()));
      assertThat(first.twist()).containsOnly(0);
      assertThat(first.twistCovariance()[0]).isEqualTo(1e6);
    }
  }

  @Test
  void foxglovesOwnReaderDecodesEveryMessageByTheDefinitionsInTheFile() throws Exception {
    String printed = NpmPeers.run("decode-ros1.mjs", record("result.mcap", -1).toString());
    assertThat(printed.lines()).hasSize(10 * FRAMES + 3 * 3 + 1 + 2);
    assertThat(printed)
        .contains("/parallax/depth/image sensor_msgs/Image 1.0 \"camera_optical_frame\" 8x6 32FC1")
        .contains("8x6 32FC3 step 96 of 576 bytes")
        .contains("8x6 mono8 step 8 of 48 bytes")
        .contains("8x6 fx 8")
        .contains("mono8 jpeg")
        .contains("48 points of x y z vx vy vz speed")
        .contains("1 points of x y z")
        .contains("odom to camera_optical_frame x 0.1")
        .contains("/parallax/scale std_msgs/String - \"\" sensor depth")
        .contains("/rosout rosgraph_msgs/Log 1.0 \"\" 4 careful");
  }

  @Test
  void debiansRosbagReadsTheBag() throws Exception {
    Tools.require("rosbag", "python3-rosbag python3-sensor-msgs python3-nav-msgs python3-tf2-msgs");
    Path path = record("result.bag", -1);
    String printed =
        Tools.run(
            folder,
            "/usr/bin/python3",
            "-c",
            """
            import sys, rosbag
            with rosbag.Bag(sys.argv[1]) as bag:
                for topic, m, t in bag.read_messages():
                    if topic == '/parallax/depth/image': print(m.width, m.height, m.encoding)
                    if topic == '/tf': print(m.transforms[0].child_frame_id)
                    if topic == '/parallax/occupancy': print(m.info.width, len(m.data))
            """,
            path.toString());
    assertThat(printed).contains("8 6 32FC1", "camera_optical_frame", "8 64");
  }

  @Test
  void lengthsInAnArbitraryUnitAreNeverUnderTheNamesOfMetres() throws Exception {
    Path path = record("unit.mcap", -1, n -> n < 5 ? ScaleSource.RELATIVE : SCALE);
    try (Bag bag = Bags.open(path)) {
      for (String topic : List.of("depth/image", "depth/std_dev", "scene_flow", "odometry")) {
        assertThat(count(bag, "/parallax/relative/" + topic)).as(topic).isEqualTo(5);
        assertThat(count(bag, "/parallax/" + topic)).as(topic).isEqualTo(FRAMES - 5);
      }
      assertThat(count(bag, "/parallax/moving_mask")).isEqualTo(FRAMES);
      assertThat(count(bag, "/parallax/relative/moving_mask")).isZero();
      RosOdometry relative = RosOdometry.read(input(last(bag, "/parallax/relative/odometry")));
      assertThat(relative.header().frameId()).isEqualTo("odom_relative");
      RosPath way = RosPath.read(input(last(bag, "/parallax/path")));
      assertThat(way.poses()).as("no path has two units").hasSize(FRAMES - 5);
      assertThat(way.header().frameId()).isEqualTo("odom");
    }
  }

  private Path record(String name, int beginAnewAt) throws Exception {
    return record(name, beginAnewAt, n -> SCALE);
  }

  /**
   * @param beginAnewAt sequence number of the frame before which the pipeline begins anew
   */
  private Path record(String name, int beginAnewAt, IntFunction<ScaleSource> scale)
      throws Exception {
    Path path = folder.resolve(name);
    try (BagSink sink = new BagSink(path, BagFormat.of(path).orElseThrow().createRos1(path))) {
      sink.accept(Notice.warning("careful"));
      for (int i = 0; i < FRAMES; i++) {
        if (i == beginAnewAt) {
          sink.beginAnew();
        }
        SourceItem.Frame frame = TestFrames.frame(i);
        sink.accept(frame, moving(TestFrames.estimated(frame, DEPTH_M, map(), scale.apply(i))));
      }
      sink.accept(Notice.info("done"));
    }
    return path;
  }

  private static FrameOutcome moving(FrameOutcome.Estimated frame) {
    Arrays.fill(frame.movingMask().labels(), MovingMask.MOVING);
    return frame;
  }

  /** One occupied voxel. */
  private static OccupancyDelta map() {
    byte[] block = new byte[VoxelBlockMap.BLOCK_VOXELS];
    Arrays.fill(block, VoxelBlockMap.UNOBSERVED);
    block[3] = VoxelBlockMap.OCCUPIED_LOG_ODDS;
    return new OccupancyDelta(0.1, new long[] {VoxelBlockMap.key(0, 0, 0)}, new byte[][] {block});
  }

  private static long count(Bag bag, String topic) {
    return bag.summary().topics().stream()
        .filter(t -> t.name().equals(topic))
        .mapToLong(BagSummary.Topic::count)
        .sum();
  }

  private static BagMessage last(Bag bag, String topic) {
    List<BagMessage> all = new ArrayList<>();
    bag.messages(Set.of(topic)).forEachRemaining(all::add);
    return all.get(all.size() - 1);
  }

  private static Ros1Input input(BagMessage message) {
    return new Ros1Input(message.data(), message.channel().topic(), message.channel().type());
  }
}
