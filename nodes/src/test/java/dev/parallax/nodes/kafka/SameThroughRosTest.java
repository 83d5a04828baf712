package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.cli.ParallaxCommand;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.Ros1Output;
import dev.parallax.nodes.codec.RosFrameMessages;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.codec.RosPoseWithCovariance;
import dev.parallax.nodes.kafka.BrokerExtension.Desk;
import dev.parallax.nodes.ros.RosMaster;
import dev.parallax.nodes.runtime.DevicePipelineFactory;
import dev.parallax.nodes.runtime.DeviceWish;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The same frames of a real recording from the file, through Kafka, and through ROS: Debian's
 * roscore and rosbag play the recording's own messages to a node as a robot runs it.
 */
@ExtendWith(BrokerExtension.class)
@Timeout(240)
class SameThroughRosTest {
  private static final String RECORDING = "bags/tum_fr1_rpy_150f_jpeg_depth.bag";
  private static final String DEPTH = "/parallax/relative/depth/image";
  private static final String POSE = "/parallax/relative/pose";
  private static final int FRAMES = 20;

  /** Position, quaternion and covariance of a pose message. */
  private static final int POSE_BYTES = (3 + 4 + 36) * Double.BYTES;

  /** Optical axes seen from x forward, y left, z up: how the camera sits where nobody says. */
  private static final Se3 T_BASE_CAM =
      Se3.of(new double[] {0, 0, 1, -1, 0, 0, 0, -1, 0}, new double[3]);

  /** Sends the next picture of the recording once the one before has its pose. */
  private static final String CAMERA =
      """
      import rosbag, rospy, sys, threading, time
      from sensor_msgs.msg import CompressedImage, CameraInfo
      from geometry_msgs.msg import PoseWithCovarianceStamped
      rospy.init_node('camera')
      image = rospy.Publisher('/camera/image_raw/compressed', CompressedImage, queue_size=10)
      info = rospy.Publisher('/camera/camera_info', CameraInfo, queue_size=10)
      answered = threading.Event()
      rospy.Subscriber('%s', PoseWithCovarianceStamped, lambda m: answered.set())
      while image.get_num_connections() == 0 or info.get_num_connections() == 0:
          time.sleep(0.02)
      bag = rosbag.Bag(sys.argv[1])
      infos = [m for _, m, _ in bag.read_messages() if m._type == 'sensor_msgs/CameraInfo']
      sent = 0
      for topic, m, t in bag.read_messages():
          if m._type == 'sensor_msgs/CompressedImage' and 'depth' not in topic:
              if sent == %d:
                  break
              answered.clear()
              infos[0].header = m.header
              info.publish(infos[0])
              image.publish(m)
              answered.wait(5)
              sent += 1
      time.sleep(0.5)
      print('sent', sent, flush=True)
      """
          .formatted(POSE, FRAMES);

  private final PipelineFactory pipelines = new DevicePipelineFactory(DeviceWish.parse("cpu"));
  private final KafkaConfig config;
  private final Topics topics;

  @TempDir private Path temp;

  SameThroughRosTest(Desk desk) {
    config = desk.fresh("three");
    topics = new Topics(config.namespace());
  }

  @Test
  void depthAndPosesAreTheSameFromFileKafkaAndRos() throws Exception {
    Path bag = RealData.path(RECORDING);
    List<SourceItem.Frame> frames = frames(bag);
    Map<Timestamp, Estimated> fromFile = fromFile(frames);
    assertThat(fromFile).hasSizeGreaterThan(FRAMES / 2);
    Map<Timestamp, float[]> kafka = throughKafka(frames);
    Path recorded = temp.resolve("recorded.bag");
    throughRos(bag, recorded);

    Map<Timestamp, float[]> ros = rosDepths(recorded);
    Map<Timestamp, byte[]> poses = rosPoses(recorded);
    assertThat(kafka.keySet()).isEqualTo(fromFile.keySet());
    assertThat(ros.keySet()).isEqualTo(fromFile.keySet());
    fromFile.forEach(
        (stamp, e) -> {
          assertThat(kafka.get(stamp)).as("Kafka, %s", stamp).isEqualTo(e.depth().depthM());
          assertThat(ros.get(stamp)).as("ROS, %s", stamp).isEqualTo(e.depth().depthM());
          assertThat(poses.get(stamp)).as("ROS, pose, %s", stamp).isEqualTo(rosPose(e));
        });
  }

  private static List<SourceItem.Frame> frames(Path bag) {
    List<SourceItem.Frame> frames = new ArrayList<>();
    try (FrameSource source = Recordings.open(bag, RecordingOptions.defaults())) {
      while (frames.size() < FRAMES) {
        frames.add((SourceItem.Frame) source.next());
      }
    }
    return frames;
  }

  private Map<Timestamp, Estimated> fromFile(List<SourceItem.Frame> frames) {
    Map<Timestamp, Estimated> estimates = new TreeMap<>();
    try (PerceptionPipeline pipeline = pipelines.create(PipelineConfig.defaults(), notice -> {})) {
      for (SourceItem.Frame frame : frames) {
        if (pipeline.process(frame.frame()) instanceof Estimated e) {
          estimates.put(e.stamp(), e);
        }
      }
    }
    return estimates;
  }

  private Map<Timestamp, float[]> throughKafka(List<SourceItem.Frame> frames) throws Exception {
    try (FramePublisher publisher = new FramePublisher(config, "three", 1)) {
      frames.forEach(publisher::publish);
      publisher.flush();
    }
    Committed committed = new Committed(config);
    try (RunningNode node = new RunningNode(config, pipelines)) {
      assertThat(committed.awaitResults(topics, FRAMES, Duration.ofMinutes(1)))
          .as(node::story)
          .hasSize(FRAMES);
    }
    Map<Timestamp, float[]> depths = new TreeMap<>();
    for (ConsumerRecord<String, byte[]> record : committed.records(topics.depth())) {
      var field = dev.parallax.nodes.codec.ProtoResults.depthOnly(record.value(), topics.depth());
      long sequence = Long.parseLong(FrameHeaders.text(record.headers(), FrameHeaders.SEQUENCE));
      depths.put(frames.get((int) sequence).stamp(), field.depthM());
    }
    return depths;
  }

  private void throughRos(Path bag, Path recorded) throws Exception {
    StringWriter output = new StringWriter();
    try (RosMaster master = RosMaster.start(temp)) {
      Process recorder =
          master.start("recorder", "rosbag", "record", "-O", recorded.toString(), DEPTH, POSE);
      CommandLine command = ParallaxCommand.commandLine();
      command.setOut(new PrintWriter(output, true));
      command.setErr(new PrintWriter(output, true));
      Thread node =
          new Thread(
              () ->
                  command.execute(
                      "run",
                      "--ros",
                      "--depth-prior",
                      "none",
                      "--web",
                      "0",
                      "--device",
                      "cpu",
                      "--image",
                      "/camera/image_raw/compressed",
                      "__master:=" + master.uri()),
              "run-command");
      node.start();
      RosMaster.await("the node listens", () -> output.toString().contains("listening to"));
      RosMaster.await(
          "the recorder listens",
          () -> master.run("info", "rosnode", "info", "/parallax").contains("/record_"));
      Process camera = master.python("camera", CAMERA, bag.toString());
      RosMaster.await("the recording is played", () -> !camera.isAlive());
      assertThat(master.printed("camera")).contains("sent " + FRAMES);
      new ProcessBuilder("kill", "-INT", Long.toString(recorder.pid())).start().waitFor();
      assertThat(recorder.waitFor(20, TimeUnit.SECONDS)).isTrue();
      String unused = master.run("kill", "rosnode", "kill", "/parallax");
      node.join(30_000);
      assertThat(node.isAlive()).as(output.toString()).isFalse();
    }
  }

  private static Map<Timestamp, float[]> rosDepths(Path file) throws Exception {
    Map<Timestamp, float[]> depths = new TreeMap<>();
    try (Bag bag = Bags.open(file)) {
      for (Iterator<BagMessage> i = bag.messages(Set.of(DEPTH)); i.hasNext(); ) {
        RosImage image = RosImage.read(i.next().data(), DEPTH);
        assertThat(image.encoding()).isEqualTo("32FC1");
        float[] values = new float[image.data().length / Float.BYTES];
        ByteBuffer.wrap(image.data()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        depths.put(image.header().stamp(), values);
      }
    }
    return depths;
  }

  /** Messages but for their headers. */
  private static Map<Timestamp, byte[]> rosPoses(Path file) throws Exception {
    Map<Timestamp, byte[]> poses = new TreeMap<>();
    try (Bag bag = Bags.open(file)) {
      for (Iterator<BagMessage> i = bag.messages(Set.of(POSE)); i.hasNext(); ) {
        ByteBuffer message = i.next().data();
        byte[] end = end(message);
        poses.put(
            RosPoseWithCovariance.read(new Ros1Input(message, POSE, "pose")).header().stamp(), end);
      }
    }
    return poses;
  }

  /** What a robot's node says of the base where the file's frame has the camera. */
  private static byte[] rosPose(Estimated e) {
    Se3 T_odom_base =
        Se3.identity().times(e.pose().T_odom_cam().times(T_BASE_CAM.inverse())).normalised();
    Ros1Output out = new Ros1Output(512);
    new RosPoseWithCovariance(
            new RosHeader(0, e.stamp(), "odom_relative"),
            T_odom_base,
            RosFrameMessages.poseCovariance(e.pose().covariance(), T_odom_base))
        .write(out);
    return end(ByteBuffer.wrap(out.toBytes()));
  }

  private static byte[] end(ByteBuffer message) {
    byte[] end = new byte[POSE_BYTES];
    message.get(message.limit() - POSE_BYTES, end);
    return end;
  }
}
