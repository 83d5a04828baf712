package dev.parallax.nodes.ros.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.ros.RosConfig;
import dev.parallax.nodes.ros.RosMaster;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.tcpros.TcpRosNode;
import dev.parallax.nodes.runtime.DoctorReport;
import dev.parallax.nodes.runtime.Finding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class RosDoctorTest {
  /** A graph with one camera that does everything wrong, and two owners of one transform. */
  private static final String BAD_ROBOT =
      """
      import rospy, sys, xmlrpc.client
      from geometry_msgs.msg import TransformStamped
      from sensor_msgs.msg import CameraInfo, Image
      from tf2_msgs.msg import TFMessage
      name = sys.argv[1]
      rospy.init_node(name)
      first = name == 'first'
      image = rospy.Publisher('/bad/image_raw', Image, queue_size=1) if first else None
      late = rospy.Publisher('/late/image_raw', Image, queue_size=1) if first else None
      info = rospy.Publisher('/late/camera_info', CameraInfo, queue_size=1) if first else None
      tf = rospy.Publisher('/tf', TFMessage, queue_size=1)
      rospy.set_param('~fps', 200)
      if first:
          master = xmlrpc.client.ServerProxy(sys.argv[2])
          master.registerPublisher('/ghost', '/ghost_topic', 'sensor_msgs/Imu', 'http://no-such-host.invalid:1234/')
      rate = rospy.Rate(20)
      while not rospy.is_shutdown():
          if first:
              image.publish(Image(height=2, width=2, encoding='qoi', step=2, data=bytes(4)))
              m = Image(height=2, width=2, encoding='mono8', step=2, data=bytes(4))
              m.header.stamp = rospy.Time.now() + rospy.Duration(5)
              late.publish(m)
              info.publish(CameraInfo())
          t = TransformStamped()
          t.header.frame_id = 'odom'
          t.child_frame_id = 'base_link'
          t.transform.rotation.w = 1
          tf.publish(TFMessage([t]))
          rate.sleep()
      """;

  @TempDir Path temp;

  @Test
  void namesEverythingThatIsWrongWithTopicAndRemedy() throws Exception {
    try (RosMaster master = RosMaster.start(temp)) {
      Process first = master.python("first", BAD_ROBOT, "first", master.uri().toString());
      Process second = master.python("second", BAD_ROBOT, "second", master.uri().toString());
      RosConfig config = master.config("doctor");
      try (RosNode node = TcpRosNode.connect(config, line -> {})) {
        RosMaster.await(
            "both are there",
            () ->
                master.run("list", "rostopic", "info", "/tf").contains("/second")
                    && master.printed("list").contains("/first"));
        DoctorReport report = new RosDoctor(config, node, null).examine(Duration.ofSeconds(3));
        List<String> found = report.findings().stream().map(Finding::toString).toList();
        assertThat(report.isHealthy()).isFalse();
        assertFound(found, "/bad/image_raw", "encoding \"qoi\"");
        assertFound(found, "/bad/image_raw", "stamps are zero");
        assertFound(found, "/bad/image_raw", "no CameraInfo comes on /bad/camera_info");
        assertFound(found, "/bad/image_raw", "its driver is set to 200");
        assertFound(found, "/late/image_raw", "in the future");
        assertFound(found, "/late/camera_info", "not calibrated");
        assertFound(found, "/late/camera_info", "pictures have a CameraInfo of their stamp");
        assertFound(found, "transform odom to base_link", "2 owners: [/first, /second]");
        assertFound(found, "node /ghost", "no-such-host.invalid is unknown here");
      } finally {
        first.destroyForcibly();
        second.destroyForcibly();
      }
    }
  }

  private static void assertFound(List<String> found, String subject, String problem) {
    assertThat(found).anySatisfy(line -> assertThat(line).contains(subject, problem));
  }
}
