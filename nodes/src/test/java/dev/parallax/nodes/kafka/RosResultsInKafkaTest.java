package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.cli.ParallaxCommand;
import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosCameraInfo;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.codec.RosPictures;
import dev.parallax.nodes.kafka.BrokerExtension.Desk;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosMaster;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import dev.parallax.nodes.ros.tcpros.TcpRosClient;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.geometry.PinholeCamera;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code run --ros --kafka}: pictures from Debian's roscore, results to ROS and a real broker. */
@ExtendWith(BrokerExtension.class)
@Timeout(120)
class RosResultsInKafkaTest {
  private static final int FRAMES = 20;

  private final KafkaConfig config;
  private final RosPictures pictures = new RosPictures();

  RosResultsInKafkaTest(Desk desk) {
    config = desk.fresh("both");
  }

  @Test
  void everyFrameOfARosCameraIsCommittedAndItsDepthIsWhatRosHas(@TempDir Path temp)
      throws Exception {
    List<RosImage> depths = new CopyOnWriteArrayList<>();
    StringWriter output = new StringWriter();
    try (RosMaster master = RosMaster.start(temp);
        RosNode peer = new TcpRosClient().connect(master.config("peer"), line -> {});
        RosPublisher image = publisher(peer, "/camera/image_raw", Ros1Type.IMAGE);
        RosPublisher info = publisher(peer, "/camera/camera_info", Ros1Type.CAMERA_INFO);
        RosSubscription depth =
            peer.subscribe(
                "/parallax/relative/depth/image",
                RosType.of(Ros1Type.IMAGE),
                SubscribeOptions.defaults(),
                delivery -> add(depths, delivery.message()))) {
      Thread node = run(master, output);
      RosMaster.await(
          "all are linked",
          () -> image.subscribers() == 1 && info.subscribers() == 1 && depth.publishers() == 1);
      try (SimulatedSequence sequence =
          SimulatedSequence.of(
              Scenes.ROOM, SimulationConfig.defaults(7, FRAMES, 10).withSize(160, 120))) {
        for (SimulatedFrame frame : sequence) {
          publish(frame.frame(), image, info);
          Thread.sleep(150);
        }
      }
      RosMaster.await("depth has come", () -> depths.size() > FRAMES / 2);
      String unused = master.run("kill", "rosnode", "kill", "/parallax");
      node.join(30_000);
      assertThat(node.isAlive()).as(output.toString()).isFalse();
    }
    assertThat(output.toString()).contains("results of 20 frames committed to Kafka, 0 missing");
    assertCommitted(depths);
  }

  private void assertCommitted(List<RosImage> depths) throws Exception {
    Topics topics = new Topics(config.namespace());
    Committed committed = new Committed(config);
    List<ProtoResults.Result> results =
        committed.awaitResults(topics, FRAMES, Duration.ofSeconds(10));
    assertThat(results).extracting(ProtoResults.Result::sequence).doesNotHaveDuplicates();
    assertThat(results).hasSize(FRAMES).allMatch(result -> result.camera().equals("parallax"));
    List<ConsumerRecord<String, byte[]>> records = committed.records(topics.depth());
    List<ConsumerRecord<String, byte[]>> stds = committed.records(topics.depthStd());
    assertThat(records).hasSizeGreaterThanOrEqualTo(depths.size());
    for (RosImage depth : depths) {
      long ms = depth.header().stamp().nanos() / 1_000_000;
      int at = records.stream().map(ConsumerRecord::timestamp).toList().indexOf(ms);
      assertThat(at).as("depth at %d ms", ms).isNotNegative();
      float[] inKafka =
          ProtoResults.depthMap(records.get(at).value(), stds.get(at).value(), topics.depth())
              .depthM();
      float[] inRos = new float[inKafka.length];
      ByteBuffer.wrap(depth.data()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(inRos);
      assertThat(Arrays.equals(inRos, inKafka)).as("depth at %d ms", ms).isTrue();
    }
    assertThat(StoredState.readAll(new KafkaClients(config), topics).map("parallax")).isNotNull();
  }

  private Thread run(RosMaster master, StringWriter output) {
    CommandLine command = ParallaxCommand.commandLine();
    command.setOut(new PrintWriter(output, true));
    command.setErr(new PrintWriter(output, true));
    String[] arguments = {
      "run",
      "--ros",
      "--web",
      "0",
      "--image",
      "/camera/image_raw",
      "--kafka",
      config.bootstrapServers(),
      "--kafka-namespace",
      config.namespace(),
      "__master:=" + master.uri()
    };
    Thread node = new Thread(() -> command.execute(arguments), "run-command");
    node.start();
    RosMaster.await("the node listens", () -> output.toString().contains("listening to"));
    return node;
  }

  private void publish(CameraFrame frame, RosPublisher image, RosPublisher info) {
    RosHeader header = new RosHeader(0, frame.stamp(), "camera");
    PinholeCamera camera = (PinholeCamera) frame.calibration().model();
    info.publish(RosCameraInfo.rectified(header, camera));
    image.publish(pictures.message(frame.picture(), header));
  }

  private static RosPublisher publisher(RosNode peer, String topic, Ros1Type type) {
    return peer.advertise(topic, RosType.of(type), PublishOptions.queue(5));
  }

  private static void add(List<RosImage> depths, ByteBuffer message) {
    try {
      depths.add(RosImage.read(message, "depth"));
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }
}
