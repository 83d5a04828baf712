package dev.parallax.nodes.ros;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.cli.ParallaxCommand;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.RosPoseWithCovariance;
import dev.parallax.nodes.source.Bags;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.ResultFolder;
import dev.parallax.nodes.source.SequenceBagWriter;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.nodes.source.bag.Bag;
import dev.parallax.nodes.source.bag.BagMessage;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.sim.eval.StampedPose;
import dev.parallax.sim.scene.Scenes;
import dev.parallax.sim.scene.SimulatedFrame;
import dev.parallax.sim.scene.SimulatedSequence;
import dev.parallax.sim.scene.SimulationConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * {@code parallax run --ros} as a robot has it: Debian's roscore, rospy for a camera, and ROS's own
 * tools for those who listen. In a first round each picture is published once the one before was
 * answered, at 30 Hz at most, so that none is dropped however slow the machine; then all again at
 * 30 Hz, whatever is dropped. Nobody tells how large the world is, so that lengths are relative.
 */
@Timeout(240)
class RunOverRosTest {
  private static final String POSE = "/parallax/relative/pose";

  /** Optical axes seen from x forward, y left, z up: how the camera sits where nobody says. */
  private static final Se3 T_BASE_CAM =
      Se3.of(new double[] {0, 0, 1, -1, 0, 0, 0, -1, 0}, new double[3]);

  /** Plays the pictures of a bag at 30 Hz; where told to, waits for the pose of each. */
  private static final String CAMERA =
      """
      import rosbag, rospy, sys, threading, time
      from sensor_msgs.msg import Image, CameraInfo
      from geometry_msgs.msg import PoseWithCovarianceStamped
      rospy.init_node('camera')
      image = rospy.Publisher('/camera/image_raw', Image, queue_size=10)
      info = rospy.Publisher('/camera/camera_info', CameraInfo, queue_size=10)
      answered = threading.Event()
      rospy.Subscriber('/parallax/relative/pose', PoseWithCovarianceStamped, lambda m: answered.set())
      while image.get_num_connections() == 0 or info.get_num_connections() == 0:
          time.sleep(0.02)
      infos = {}
      for topic, m, t in rosbag.Bag(sys.argv[1]).read_messages():
          if topic.endswith('camera_info'):
              infos[m.header.stamp] = m
      for topic, m, t in rosbag.Bag(sys.argv[1]).read_messages('/camera/image_raw'):
          answered.clear()
          start = time.time()
          info.publish(infos[m.header.stamp])
          image.publish(m)
          if sys.argv[2] == 'wait':
              answered.wait(10)
          time.sleep(max(0, 1 / 30 - (time.time() - start)))
      time.sleep(0.5)
      print('played', m.encoding, m.width, m.height, flush=True)
      """;

  /** What is said at the end, as the run command prints it. */
  private static final Pattern COUNTS =
      Pattern.compile("frames   (\\d+) in = (\\d+) published \\+ (\\d+) skipped.*\\+ (\\d+) lost");

  private static final String TF_LISTENER =
      """
      import rospy, tf2_ros
      rospy.init_node('tf_listener')
      buffer = tf2_ros.Buffer()
      listener = tf2_ros.TransformListener(buffer)
      print('ready', flush=True)
      while not rospy.is_shutdown():
          try:
              t = buffer.lookup_transform('map_relative', 'base_link', rospy.Time(0), rospy.Duration(1))
              print('map to base_link', t.transform.translation.x, flush=True)
              break
          except Exception as e:
              pass
      """;

  private static final Pattern LOG_IS_READ =
      Pattern.compile("topic: /rosout\\s+\\* to: /rostopic_");

  @TempDir Path temp;

  @Test
  void aSimulatedCameraIsPublishedAsReplayHasIt() throws Exception {
    Path bag = temp.resolve("raw.bag");
    SimulationConfig config = SimulationConfig.defaults(7, 24, 15).withSize(320, 240);
    try (SimulatedSequence sequence = SimulatedSequence.of(Scenes.ROOM, config);
        SequenceBagWriter writer = new SequenceBagWriter(bag, 0)) {
      for (SimulatedFrame frame : sequence) {
        write(writer, frame.frame());
      }
    }
    assertPublishedAsReplayed(bag, 24, "bgr8 320 240");
  }

  @Test
  void aRealCameraIsPublishedAsReplayHasIt() throws Exception {
    Path recording = RealData.path("bags/tum_fr1_rpy_150f_jpeg_depth.bag");
    Path bag = temp.resolve("raw.bag");
    int frames = 36;
    try (FrameSource source = Recordings.open(recording, RecordingOptions.defaults());
        SequenceBagWriter writer = new SequenceBagWriter(bag, 0)) {
      for (int i = 0; i < frames; i++) {
        if (source.next() instanceof SourceItem.Frame frame) {
          write(writer, frame.frame());
        }
      }
    }
    assertPublishedAsReplayed(bag, frames, "bgr8 640 480");
  }

  private void assertPublishedAsReplayed(Path bag, int frames, String pictures) throws Exception {
    List<StampedPose> replayed = replayed(bag);
    assertThat(replayed).hasSizeGreaterThan(frames * 9 / 10);
    StringWriter output = new StringWriter();
    try (RosMaster master = RosMaster.start(temp)) {
      Process recorder =
          master.start(
              "recorder",
              "rosbag",
              "record",
              "-O",
              temp.resolve("recorded.bag").toString(),
              POSE,
              "/parallax/relative/odometry",
              "/tf",
              "/diagnostics",
              "/parallax/relative/depth/image",
              "/rosout");
      Process tf = master.python("tf", TF_LISTENER);
      Process hz = master.start("hz", "rostopic", "hz", "/parallax/relative/depth/points");
      Process distances =
          master.start(
              "distances",
              "rostopic",
              "echo",
              "-n",
              "1",
              "--noarr",
              "/parallax/relative/esdf_slice");
      Thread node = run(master, output);
      RosMaster.await(
          "all listen",
          () -> {
            String info = master.run("info", "rosnode", "info", "/parallax");
            return info.contains("/record_")
                && info.contains("/tf_listener")
                && info.contains("/rostopic_");
          });
      play(master, bag, "wait", pictures);
      assertThat(master.run("scale", "rostopic", "echo", "-n", "1", "/parallax/scale"))
          .contains("relative");
      assertThat(
              master.run(
                  "grid", "rostopic", "echo", "-n", "1", "--noarr", "/parallax/relative/occupancy"))
          .contains("frame_id: \"odom_relative\"", "resolution");
      RosMaster.await(
          "tf2 finds the robot", () -> master.printed("tf").contains("map to base_link"));
      RosMaster.await("distances came", () -> !distances.isAlive());
      assertThat(master.printed("distances")).contains("fields:", "height: 1");
      RosMaster.await("the rate is known", () -> master.printed("hz").contains("average rate"));
      assertThat(master.run("type", "rostopic", "type", "/parallax/relative/scene_flow"))
          .contains("sensor_msgs/Image");
      assertThat(master.run("save", "rosservice", "call", "/parallax/save_map"))
          .contains("success: True");
      assertThat(temp.resolve("saved").resolve("relative").resolve("map.yaml")).exists();
      assertThat(master.run("load", "rosservice", "call", "/parallax/load_map"))
          .contains("success: False", "arbitrary unit");
      hz.destroy();
      tf.destroy();
      new ProcessBuilder("kill", "-INT", Long.toString(recorder.pid())).start().waitFor();
      assertThat(recorder.waitFor(20, TimeUnit.SECONDS)).isTrue();
      playAgainFreely(master, bag, pictures);
      String unused = master.run("kill", "rosnode", "kill", "/parallax");
      node.join(30_000);
      assertThat(node.isAlive()).as(output.toString()).isFalse();
    }
    assertSamePath(replayed, recorded(temp.resolve("recorded.bag")));
    assertNothingWasForgotten(output.toString(), 2 * frames, replayed.size());
  }

  private static void play(RosMaster master, Path bag, String how, String pictures) {
    Process camera = master.python("camera", CAMERA, bag.toString(), how);
    RosMaster.await("the bag is played", () -> !camera.isAlive());
    assertThat(master.printed("camera")).contains("played " + pictures);
  }

  /** A camera that waits for nobody, at 30 Hz, whose time begins anew. */
  private static void playAgainFreely(RosMaster master, Path bag, String pictures) {
    Process hz = master.start("image_hz", "rostopic", "hz", "/camera/image_raw");
    Process log = master.start("log", "rostopic", "echo", "/rosout/msg");
    RosMaster.await(
        "the log is read",
        () -> LOG_IS_READ.matcher(master.run("info", "rosnode", "info", "/parallax")).find());
    play(master, bag, "free", pictures);
    RosMaster.await(
        "the camera's rate is known", () -> master.printed("image_hz").contains("average rate"));
    RosMaster.await(
        "it is told that time began anew",
        () -> master.printed("log").contains("time went back by"));
    hz.destroy();
    log.destroy();
    // The last line is of the whole round: an earlier one still shows a late start catching up.
    String told = master.printed("image_hz");
    Matcher rate =
        Pattern.compile("average rate: ([0-9.]+)")
            .matcher(told.substring(told.lastIndexOf("average rate")));
    assertThat(rate.find()).isTrue();
    assertThat(Double.parseDouble(rate.group(1))).isBetween(20.0, 31.0);
  }

  private static void assertNothingWasForgotten(String output, int frames, int inFirstRound) {
    Matcher counts = COUNTS.matcher(output);
    assertThat(counts.find()).as(output).isTrue();
    int[] each = new int[4];
    for (int i = 0; i < 4; i++) {
      each[i] = Integer.parseInt(counts.group(i + 1));
    }
    assertThat(each[0]).as(output).isEqualTo(frames);
    assertThat(each[1] + each[2] + each[3]).as(output).isEqualTo(frames);
    assertThat(each[1]).as("published in both rounds").isGreaterThan(inFirstRound);
  }

  private Thread run(RosMaster master, StringWriter output) {
    CommandLine command = ParallaxCommand.commandLine();
    command.setOut(new PrintWriter(output, true));
    command.setErr(new PrintWriter(output, true));
    Thread node =
        new Thread(
            () ->
                command.execute(
                    "run",
                    "--ros",
                    "--web",
                    "0",
                    "--image",
                    "/camera/image_raw",
                    "--map-dir",
                    temp.resolve("saved").toString(),
                    "__master:=" + master.uri()),
            "run-command");
    node.start();
    RosMaster.await("the node listens", () -> output.toString().contains("listening to"));
    return node;
  }

  private List<StampedPose> replayed(Path bag) {
    Path out = temp.resolve("out");
    int status =
        ParallaxCommand.commandLine().execute("replay", bag.toString(), "--out", out.toString());
    assertThat(status).isZero();
    return ResultFolder.open(out).poses();
  }

  private static Map<Timestamp, Se3> recorded(Path file) throws Exception {
    Map<Timestamp, Se3> poses = new TreeMap<>();
    try (Bag bag = Bags.open(file)) {
      for (Iterator<BagMessage> messages = bag.messages(Set.of(POSE)); messages.hasNext(); ) {
        RosPoseWithCovariance pose =
            RosPoseWithCovariance.read(new Ros1Input(messages.next().data(), POSE, "pose"));
        assertThat(pose.covariance()[0]).isNotNegative();
        poses.put(pose.header().stamp(), pose.T_parent_child().times(T_BASE_CAM));
      }
      List<String> topics = bag.channels().stream().map(channel -> channel.topic()).toList();
      assertThat(topics)
          .contains(
              "/tf",
              "/diagnostics",
              "/rosout",
              "/parallax/relative/odometry",
              "/parallax/relative/depth/image");
    }
    return poses;
  }

  private static void assertSamePath(List<StampedPose> replayed, Map<Timestamp, Se3> recorded) {
    assertThat(recorded.keySet())
        .containsExactlyElementsOf(replayed.stream().map(StampedPose::stamp).toList());
    for (StampedPose pose : replayed) {
      Se3 difference = pose.T_world_cam().inverse().times(recorded.get(pose.stamp()));
      assertThat(difference.distance()).as("position at " + pose.stamp()).isLessThan(1e-6);
      assertThat(difference.angleRad()).as("rotation at " + pose.stamp()).isLessThan(1e-6);
    }
  }

  private static void write(SequenceBagWriter writer, CameraFrame frame) throws Exception {
    DepthMap none = new DepthMap(1, 1, new float[] {Float.NaN}, new float[] {Float.NaN});
    writer.write(frame, Se3.identity(), none);
  }
}
