package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosPoseWithCovariance;
import dev.parallax.nodes.config.CameraSettings;
import dev.parallax.nodes.config.NodeConfig;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosMaster;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import dev.parallax.nodes.ros.tcpros.TcpRosClient;
import dev.parallax.nodes.runtime.DevicePipelineFactory;
import dev.parallax.nodes.runtime.DeviceWish;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.nodes.source.SequenceBagWriter;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The node as a robot has it, with mounted and with several cameras, against Debian's roscore. */
@Timeout(120)
class RosRunTest {
  private static final int FRAMES = 20;
  private static final long SLOW_MS = 1000;

  /** Ahead and above, looking 20 degrees down. */
  private static final Se3 T_BASE_CAM =
      Se3.ofTranslation(0.3, 0, 1.2)
          .times(Se3.exp(new double[] {0, 0, 0, 0, Math.toRadians(20), 0}))
          .times(Se3.of(new double[] {0, 0, 1, -1, 0, 0, 0, -1, 0}, new double[3]));

  private static final String CONFIG =
      """
      web_port: 0
      cameras:
        - name: front
          namespace: /robot/front
          image: /front/image_raw
        - name: rear
          namespace: /robot/rear
          image: /rear/image_raw
          publish_odom_tf: false
          publish_map_tf: false
      """;

  /** Says where a camera sits, as tf2_ros's static_transform_publisher does. */
  private static final String MOUNTING =
      """
      import rospy, sys, tf2_ros
      from geometry_msgs.msg import TransformStamped
      rospy.init_node('mounting')
      t = TransformStamped()
      t.header.stamp = rospy.Time.now()
      t.header.frame_id = 'base_link'
      t.child_frame_id = 'camera_optical_frame'
      p, q = t.transform.translation, t.transform.rotation
      p.x, p.y, p.z, q.x, q.y, q.z, q.w = [float(v) for v in sys.argv[1:8]]
      tf2_ros.StaticTransformBroadcaster().sendTransform(t)
      print('told', flush=True)
      rospy.spin()
      """;

  /** Plays a bag's pictures at 5 Hz under another name, then stays. */
  private static final String CAMERA =
      """
      import rosbag, rospy, sys, time
      from sensor_msgs.msg import Image, CameraInfo
      name = sys.argv[2]
      rospy.init_node(name + '_camera')
      image = rospy.Publisher('/' + name + '/image_raw', Image, queue_size=10)
      info = rospy.Publisher('/' + name + '/camera_info', CameraInfo, queue_size=1, latch=True)
      while image.get_num_connections() == 0 or info.get_num_connections() == 0:
          time.sleep(0.02)
      messages = list(rosbag.Bag(sys.argv[1]).read_messages())
      info.publish([m for topic, m, t in messages if topic.endswith('camera_info')][0])
      for m in [m for topic, m, t in messages if topic.endswith('image_raw')]:
          image.publish(m)
          time.sleep(0.2)
      print('played', flush=True)
      rospy.spin()
      """;

  @TempDir Path temp;

  @Test
  void odomBeginsAtTheBaseOfARobotWhoseCameraLooksDown() throws Exception {
    Path bag = bag();
    StringWriter output = new StringWriter();
    List<RosPoseWithCovariance> poses = new CopyOnWriteArrayList<>();
    try (RosMaster master = RosMaster.start(temp)) {
      Process mounting = mounting(master);
      Thread node = run(master, output);
      try (RosNode planner = new TcpRosClient().connect(master.config("planner"), line -> {});
          RosSubscription subscription =
              planner.subscribe(
                  "/robot/front/relative/pose",
                  RosType.of(Ros1Type.POSE_WITH_COVARIANCE_STAMPED),
                  SubscribeOptions.defaults(),
                  delivery -> poses.add(pose(delivery)))) {
        RosMaster.await("the planner is linked", () -> subscription.publishers() == 1);
        Process front = master.python("front", CAMERA, bag.toString(), "front");
        RosMaster.await("front has played", () -> master.printed("front").contains("played"));
        RosMaster.await("poses came", () -> poses.size() > FRAMES / 2);
        front.destroyForcibly();
      }
      mounting.destroyForcibly();
      String unused = master.run("kill", "rosnode", "kill", "/parallax");
      node.join(30_000);
      assertThat(node.isAlive()).as(output.toString()).isFalse();
    }
    Se3 T_odom_base = poses.get(0).T_parent_child();
    assertThat(T_odom_base.distance()).isLessThan(1e-9);
    assertThat(T_odom_base.angleRad()).as("odom is level").isLessThan(1e-6);
    assertThat(poses.get(poses.size() - 1).T_parent_child().distance())
        .as("the robot has moved since")
        .isGreaterThan(0.01);
  }

  private static Process mounting(RosMaster master) {
    Process mounting = master.python("mounting", MOUNTING, arguments(T_BASE_CAM));
    RosMaster.await("the mounting is told", () -> master.printed("mounting").contains("told"));
    return mounting;
  }

  private static String[] arguments(Se3 transform) {
    double[] t = transform.translation();
    double[] q = transform.quaternion();
    return DoubleStream.concat(Arrays.stream(t), Arrays.stream(q))
        .mapToObj(Double::toString)
        .toArray(String[]::new);
  }

  private static RosPoseWithCovariance pose(RosDelivery delivery) {
    try {
      return RosPoseWithCovariance.read(new Ros1Input(delivery.message(), "pose", "pose"));
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }

  /** The rear one takes a second a frame, which must not cost the front one a frame. */
  @Test
  void aSlowCameraDoesNotSlowTheOther() throws Exception {
    Path bag = bag();
    StringWriter output = new StringWriter();
    try (RosMaster master = RosMaster.start(temp)) {
      Process mounting = mounting(master); // else the first picture waits for one
      Thread node = run(master, output);
      Process rear = master.python("rear", CAMERA, bag.toString(), "rear");
      Process front = master.python("front", CAMERA, bag.toString(), "front");
      Process diagnostics = master.start("diagnostics", "rostopic", "echo", "/diagnostics");
      RosMaster.await("front has played", () -> master.printed("front").contains("played"));
      assertThat(master.run("topics", "rostopic", "list"))
          .contains("/robot/front/relative/depth/image", "/robot/rear/relative/depth/image");
      assertThat(master.run("services", "rosservice", "list"))
          .contains("/robot/front/reset", "/robot/rear/reset");
      rear.destroyForcibly();
      RosMaster.await(
          "the rear camera is told to be silent",
          () -> lastStatus(master, "rear").contains("level: 2"));
      assertThat(lastStatus(master, "front")).contains("frames in");
      front.destroyForcibly();
      diagnostics.destroyForcibly();
      mounting.destroyForcibly();
      String unused = master.run("kill", "rosnode", "kill", "/parallax");
      node.join(30_000);
      assertThat(node.isAlive()).as(output.toString()).isFalse();
    }
    Counts front = counts(output.toString(), "front");
    Counts rear = counts(output.toString(), "rear");
    assertThat(front.in).isEqualTo(FRAMES);
    assertThat(front.published).as(output.toString()).isGreaterThanOrEqualTo(FRAMES * 8 / 10);
    assertThat(rear.in).as("the slow one takes every picture in as well").isEqualTo(FRAMES);
    assertThat(rear.published).as("but keeps up with few").isBetween(1, FRAMES / 3);
  }

  private Thread run(RosMaster master, StringWriter output) throws Exception {
    Path config = Files.writeString(temp.resolve("cameras.yaml"), CONFIG);
    CommandLine commandLine = new CommandLine(new RunCommand());
    commandLine.setOut(new PrintWriter(output, true));
    commandLine.setErr(new PrintWriter(output, true));
    RosRun run =
        new RosRun(
            new TcpRosClient(),
            NodeConfig.read(config),
            CameraSettings.none(),
            List.of("__master:=" + master.uri()),
            slowForRear(),
            (camera, pipeline) -> List.of(),
            commandLine);
    Thread node = new Thread(run::call, "run-command");
    node.start();
    RosMaster.await(
        "both cameras listen",
        () ->
            output.toString().contains("listening to ROS /front")
                && output.toString().contains("listening to ROS /rear"));
    return node;
  }

  private static PipelineFactory slowForRear() {
    PipelineFactory cpu = new DevicePipelineFactory(DeviceWish.parse("cpu"));
    return (config, notices) -> {
      PerceptionPipeline pipeline = cpu.create(config, notices);
      return new PerceptionPipeline() {
        @Override
        public FrameOutcome process(CameraFrame frame) {
          if (frame.id().camera().name().equals("rear")) {
            sleep();
          }
          return pipeline.process(frame);
        }

        @Override
        public void setPose(Se3 T_odom_cam) {
          pipeline.setPose(T_odom_cam);
        }

        @Override
        public void close() {
          pipeline.close();
        }
      };
    };
  }

  private static void sleep() {
    try {
      Thread.sleep(SLOW_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What {@code rostopic echo} last printed of a camera's health; empty if nothing yet. */
  private static String lastStatus(RosMaster master, String camera) {
    String printed = master.printed("diagnostics");
    int name = printed.lastIndexOf("name: \"parallax: " + camera + "\"");
    if (name < 0) {
      return "";
    }
    int end = printed.indexOf("level:", name);
    return printed.substring(printed.lastIndexOf("level:", name), end < 0 ? printed.length() : end);
  }

  private record Counts(int in, int published) {}

  private static Counts counts(String summary, String camera) {
    Matcher matcher =
        Pattern.compile("camera   " + camera + "\\s+frames   (\\d+) in = (\\d+) published")
            .matcher(summary);
    assertThat(matcher.find()).as(summary).isTrue();
    return new Counts(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  private Path bag() throws Exception {
    Path bag = temp.resolve("small.bag");
    SimulationConfig config = SimulationConfig.defaults(7, FRAMES, 10).withSize(160, 120);
    DepthMap none = new DepthMap(1, 1, new float[] {Float.NaN}, new float[] {Float.NaN});
    try (SimulatedSequence sequence = SimulatedSequence.of(Scenes.ROOM, config);
        SequenceBagWriter writer = new SequenceBagWriter(bag, 0)) {
      for (SimulatedFrame frame : sequence) {
        writer.write(frame.frame(), Se3.identity(), none);
      }
    }
    return bag;
  }
}
