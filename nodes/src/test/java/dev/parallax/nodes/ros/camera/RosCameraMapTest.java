package dev.parallax.nodes.ros.camera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosOctomap;
import dev.parallax.nodes.ros.RosMaster;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import dev.parallax.nodes.ros.camera.RosCameraConfig.Frames;
import dev.parallax.nodes.ros.tcpros.TcpRosClient;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Maps that are saved, forgotten and loaded again over Debian's {@code rosservice}. */
@Timeout(60)
class RosCameraMapTest {
  private static final double SIZE_M = 0.1;
  private static final PipelineConfig METRIC =
      new PipelineConfig(
          PipelineConfig.ScaleConfig.cameraHeight(1), PipelineConfig.MappingConfig.auto());

  @TempDir Path temp;

  /** The map that the pipeline was given last. */
  private VoxelBlockMap restored = new VoxelBlockMap(SIZE_M);

  private int runs;

  /** Each run of it maps another place. */
  private final class Mapping implements PerceptionPipeline {
    private final int place = runs++;

    @Override
    public FrameOutcome process(CameraFrame frame) {
      SourceItem.Frame item = TestFrames.frame(frame.id().sequence());
      return TestFrames.estimated(item, 2, seen(place), ScaleSource.CAMERA_HEIGHT);
    }

    @Override
    public void setPose(Se3 T_odom_cam) {}

    @Override
    public void restoreMap(OccupancyDelta map) {
      restored = new VoxelBlockMap(SIZE_M);
      restored.apply(map);
    }

    @Override
    public void close() {}
  }

  @Test
  void aSavedMapIsLoadedIntoARunThatHasMappedElsewhere() throws Exception {
    try (RosMaster master = RosMaster.start(temp);
        RosNode node = new TcpRosClient().connect(master.config("parallax"), line -> {});
        RosNode planner = new TcpRosClient().connect(master.config("planner"), line -> {});
        RosLogTopic log = new RosLogTopic(node);
        TransformListener transforms = new TransformListener(node);
        RosCamera camera =
            new RosCamera(config(), node, log, transforms, (c, n) -> new Mapping(), METRIC);
        PerceptionPipeline pipeline = camera.pipeline(notice -> {})) {
      assertThat(call(master, "load_map")).contains("success: False", "map.bt", "save_map");
      assertThat(call(master, "save_map")).contains("success: False", "no map");
      work(camera, pipeline, 0);
      assertThat(call(master, "save_map")).contains("success: True");
      assertThat(temp.resolve("map").resolve("map.bt")).exists();
      assertThat(call(master, "reset")).contains("success: True");
      Estimated elsewhere = work(camera, pipeline, 1);
      assertThat(elsewhere.map().blockKeys()).containsExactly(key(1));
      assertThat(call(master, "load_map")).contains("success: True", "loaded 1 blocks");
      BlockingQueue<RosOctomap> octomaps = new LinkedBlockingQueue<>();
      try (RosSubscription subscription = listen(planner, octomaps)) {
        RosMaster.await("the planner is linked", () -> subscription.publishers() == 1);
        Estimated loaded = work(camera, pipeline, 2);
        assertThat(loaded.map().blockKeys()).containsExactly(key(0), key(1));
        assertThat(loaded.map().logOdds()[1]).as("what was seen elsewhere is gone").isEmpty();
        VoxelBlockMap wanted = new VoxelBlockMap(SIZE_M);
        wanted.apply(seen(0));
        assertThat(restored.sameContentAs(wanted)).isTrue();
        RosOctomap octomap = octomaps.poll(10, TimeUnit.SECONDS);
        assertThat(octomap).isNotNull();
        assertThat(octomap.header().frameId()).isEqualTo("odom");
        assertThat(octomap.tree().map("octomap").sameContentAs(wanted)).isTrue();
      }
      Files.write(temp.resolve("map").resolve("map.bt"), new byte[] {1, 2, 3});
      assertThat(call(master, "load_map")).contains("success: False", "is no OctoMap file");
    }
  }

  private static String call(RosMaster master, String service) {
    return master.run("call", "rosservice", "call", "/front/" + service);
  }

  private static Estimated work(RosCamera camera, PerceptionPipeline pipeline, long sequence) {
    SourceItem.Frame frame = TestFrames.frame(sequence);
    Estimated outcome = (Estimated) pipeline.process(frame.frame());
    camera.sink().accept(frame, outcome);
    return outcome;
  }

  private static RosSubscription listen(RosNode planner, BlockingQueue<RosOctomap> octomaps) {
    return planner.subscribe(
        "/front/octomap_binary",
        RosType.of(Ros1Type.OCTOMAP),
        SubscribeOptions.defaults(),
        delivery -> {
          try {
            octomaps.add(RosOctomap.read(new Ros1Input(delivery.message(), "octomap", "octomap")));
          } catch (MessageFormatException e) {
            throw new AssertionError(e);
          }
        });
  }

  private RosCameraConfig config() {
    return new RosCameraConfig(
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
        temp.resolve("map"));
  }

  private static long key(int place) {
    return VoxelBlockMap.key(place, 0, -1);
  }

  /** A row of wall with free space before it. */
  private static OccupancyDelta seen(int place) {
    byte[] row = new byte[VoxelBlockMap.BLOCK_VOXELS];
    Arrays.fill(row, VoxelBlockMap.UNOBSERVED);
    Arrays.fill(row, 0, 8, VoxelBlockMap.FREE_LOG_ODDS);
    Arrays.fill(row, 8, 16, VoxelBlockMap.OCCUPIED_LOG_ODDS);
    return new OccupancyDelta(SIZE_M, new long[] {key(place)}, new byte[][] {row});
  }
}
