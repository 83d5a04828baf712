package dev.parallax.nodes.ros;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Input;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.codec.RosPoseStamped;
import dev.parallax.nodes.codec.RosServiceType;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What any {@link RosNode} does against Debian's roscore, rospy and the ROS tools. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
public abstract class RosNodeContractTest {
  protected static final SubscribeOptions SUBSCRIBE = SubscribeOptions.defaults();

  /** Publishes an image with a counting sequence at 50 Hz. */
  private static final String TALKER =
      """
      import rospy, sys
      from sensor_msgs.msg import Image
      rospy.init_node('talker', anonymous=True)
      pub = rospy.Publisher(sys.argv[1], Image, queue_size=10, latch=len(sys.argv) > 2)
      n = 0
      rate = rospy.Rate(50)
      while not rospy.is_shutdown():
          m = Image(height=2, width=3, encoding='mono8', step=3, data=bytes([1, 2, 3, 4, 5, n % 256]))
          m.header.stamp = rospy.Time(7, 8)
          m.header.frame_id = 'camera'
          pub.publish(m)
          n += 1
          if len(sys.argv) > 2:
              rospy.spin()
          rate.sleep()
      """;

  /** Prints each pose that comes. */
  private static final String LISTENER =
      """
      import rospy, sys
      from geometry_msgs.msg import PoseStamped
      rospy.init_node('listener', anonymous=True)
      def seen(m):
          print('pose', m.header.frame_id, m.header.stamp.secs, m.pose.position.x, flush=True)
      rospy.Subscriber(sys.argv[1], PoseStamped, seen, tcp_nodelay=True)
      print('ready', flush=True)
      rospy.spin()
      """;

  /** Two seconds of simulated time from 100 s on, then from 50 s. */
  private static final String CLOCK =
      """
      import rospy, time
      from rosgraph_msgs.msg import Clock
      rospy.init_node('clock', anonymous=True)
      pub = rospy.Publisher('/clock', Clock, queue_size=10)
      while pub.get_num_connections() == 0:
          time.sleep(0.02)
      for begin in (100, 50):
          for n in range(40 if begin == 100 else 10000):
              pub.publish(Clock(rospy.Time(begin, 0) + rospy.Duration(0.05 * n)))
              time.sleep(0.05)
      """;

  private static final String SERVER =
      """
      import rospy
      from std_srvs.srv import Trigger, TriggerResponse
      rospy.init_node('server')
      def refuse(request):
          raise rospy.ServiceException('no luck')
      rospy.Service('/lucky', Trigger, lambda request: TriggerResponse(True, 'seven'))
      rospy.Service('/unlucky', Trigger, refuse)
      rospy.spin()
      """;

  protected RosMaster master;
  private Process peer;

  /** Joins the graph. */
  protected abstract RosNode connect(RosConfig config);

  @BeforeAll
  void startMaster(@TempDir Path home) {
    master = RosMaster.start(home);
  }

  @AfterEach
  void endPeer() {
    if (peer != null) {
      peer.destroyForcibly();
    }
  }

  @AfterAll
  void endMaster() {
    if (master != null) {
      master.close();
    }
  }

  @Test
  void hearsWhatRospyPublishes() throws Exception {
    BlockingQueue<RosImage> images = new LinkedBlockingQueue<>();
    try (RosNode node = connect(master.config("hears"));
        RosSubscription subscription = subscribe(node, "/camera/image", images)) {
      peer = master.python("talker", TALKER, "/camera/image");
      RosImage image = images.poll(20, TimeUnit.SECONDS);
      assertThat(image).isNotNull();
      assertThat(image.header().stamp()).isEqualTo(new Timestamp(7_000_000_008L));
      assertThat(image.header().frameId()).isEqualTo("camera");
      assertThat(image.data()).startsWith(1, 2, 3, 4, 5);
      RosMaster.await("many arrive", () -> subscription.received() > 20);
      assertThat(subscription.publishers()).isEqualTo(1);
    }
  }

  @Test
  void hearsALatchedMessagePublishedBeforeItCame() throws Exception {
    peer = master.python("latcher", TALKER, "/early", "latched");
    RosMaster.await(
        "the talker is known", () -> master.run("list", "rostopic", "list").contains("/early"));
    BlockingQueue<RosImage> images = new LinkedBlockingQueue<>();
    try (RosNode node = connect(master.config("late"));
        RosSubscription subscription = subscribe(node, "/early", images)) {
      assertThat(images.poll(20, TimeUnit.SECONDS)).isNotNull();
      assertThat(subscription.received()).isEqualTo(1);
    }
  }

  @Test
  void isHeardByRospyAlsoWhenLatched() {
    try (RosNode node = connect(master.config("speaks"));
        RosPublisher plain =
            node.advertise("/pose", RosType.of(Ros1Type.POSE_STAMPED), PublishOptions.queue(5));
        RosPublisher latched =
            node.advertise(
                "/latched_pose", RosType.of(Ros1Type.POSE_STAMPED), PublishOptions.latch())) {
      latched.publish(pose(3));
      peer = master.python("latched_listener", LISTENER, "/latched_pose");
      RosMaster.await(
          "the latched pose came",
          () -> master.printed("latched_listener").contains("pose odom 5 3.0"));
      peer.destroyForcibly();

      assertThat(plain.isHeard()).isFalse();
      peer = master.python("listener", LISTENER, "/pose");
      RosMaster.await("somebody listens", () -> plain.subscribers() == 1);
      plain.publish(pose(1));
      plain.publish(pose(2));
      RosMaster.await(
          "both came",
          () -> master.printed("listener").contains("pose odom 5 1.0\npose odom 5 2.0"));
      peer.destroyForcibly();
      RosMaster.await("its end is noticed", () -> plain.subscribers() == 0);
    }
  }

  @Test
  void callsServicesAndIsTold() {
    peer = master.python("server", SERVER);
    try (RosNode node = connect(master.config("calls"))) {
      RosMaster.await(
          "the service is there",
          () -> master.run("services", "rosservice", "list").contains("/unlucky"));
      ByteBuffer answer =
          node.call(
              "/lucky", RosServiceType.TRIGGER, ByteBuffer.allocate(0), Duration.ofSeconds(10));
      Ros1Input in = new Ros1Input(answer, "/lucky", "std_srvs/TriggerResponse");
      assertThat(success(in)).isEqualTo("true seven");
      assertThatThrownBy(
              () ->
                  node.call(
                      "/unlucky",
                      RosServiceType.TRIGGER,
                      ByteBuffer.allocate(0),
                      Duration.ofSeconds(10)))
          .isInstanceOf(RosException.class)
          .hasMessageContaining("no luck");
      assertThatThrownBy(
              () ->
                  node.call(
                      "/nowhere",
                      RosServiceType.TRIGGER,
                      ByteBuffer.allocate(0),
                      Duration.ofSeconds(10)))
          .isInstanceOf(RosException.class)
          .hasMessageContaining("/nowhere");
    }
  }

  @Test
  void answersServices() throws Exception {
    try (RosNode node = connect(master.config("serves"));
        AutoCloseable service =
            node.provide(
                "~greet",
                RosServiceType.TRIGGER,
                (request, response) -> response.u8(1).text("hello"));
        AutoCloseable failing =
            node.provide(
                "fail",
                RosServiceType.TRIGGER,
                (request, response) -> {
                  throw new RosException("out of order");
                })) {
      assertThat(master.run("call", "rosservice", "call", "/serves/greet"))
          .contains("success: True", "hello");
      assertThat(master.run("call_failing", "rosservice", "call", "/fail"))
          .contains("out of order");
      assertThat(master.run("type", "rosservice", "type", "/serves/greet"))
          .contains("std_srvs/Trigger");
    }
  }

  @Test
  void sharesParametersWithRosparam() {
    try (RosNode node = connect(master.config("parameters", "__ns:=/robot"))) {
      String unused =
          master.run(
              "set",
              "rosparam",
              "set",
              "/robot/parameters/gains",
              "{p: 1.5, active: true, n: [1, x]}");
      Object gains = node.parameter("~gains").orElseThrow();
      assertThat(gains).isEqualTo(java.util.Map.of("p", 1.5, "active", true, "n", List.of(1, "x")));
      node.setParameter("height", 1.65);
      assertThat(master.run("get", "rosparam", "get", "/robot/height")).contains("1.65");
      assertThat(node.parameter("missing")).isEmpty();
    }
  }

  @Test
  void remapsAndNamesAsRosDoes() {
    RosConfig config =
        master.config("before", "image:=/cam/image_raw", "__name:=after", "__ns:=robot");
    try (RosNode node = connect(config)) {
      assertThat(node.name()).isEqualTo("/robot/after");
      assertThat(node.resolve("image")).isEqualTo("/cam/image_raw");
      assertThat(node.resolve("depth")).isEqualTo("/robot/depth");
      assertThat(node.resolve("~depth")).isEqualTo("/robot/after/depth");
      assertThat(node.resolve("/depth")).isEqualTo("/depth");
    }
  }

  @Test
  void rosnodeSeesTopicsAndLinks() throws Exception {
    try (RosNode node = connect(master.config("seen"));
        RosPublisher publisher =
            node.advertise(
                "/seen/pose", RosType.of(Ros1Type.POSE_STAMPED), PublishOptions.queue(1));
        RosSubscription subscription = subscribe(node, "/seen/image", new LinkedBlockingQueue<>());
        AutoCloseable service =
            node.provide("/seen/go", RosServiceType.EMPTY, (request, response) -> {})) {
      peer = master.python("listener", LISTENER, "/seen/pose");
      RosMaster.await("somebody listens", () -> publisher.subscribers() == 1);
      String info = master.run("info", "rosnode", "info", "/seen");
      assertThat(info)
          .contains(
              "/seen/pose [geometry_msgs/PoseStamped]", "/seen/image", "/seen/go", "outbound");
      assertThat(master.run("ping", "rosnode", "ping", "-c", "1", "/seen"))
          .contains("xmlrpc reply");
    }
    assertThat(master.run("nodes", "rosnode", "list")).doesNotContain("/seen");
  }

  @Test
  void aPublisherOfAnotherTypeIsRefusedByName() throws Exception {
    peer = master.python("talker", TALKER, "/typed");
    try (RosNode node = connect(master.config("typed"));
        RosSubscription subscription =
            node.subscribe(
                "/typed", RosType.of(Ros1Type.POSE_STAMPED), SUBSCRIBE, delivery -> {})) {
      RosMaster.await("the trouble is told", () -> !subscription.troubles().isEmpty());
      assertThat(subscription.troubles().get(0)).contains("/typed", "sensor_msgs/Image");
      assertThat(subscription.received()).isZero();
    }
  }

  @Test
  void aPublisherKilledWithoutAWordIsNoticedAndItsSuccessorHeard() throws Exception {
    BlockingQueue<RosImage> images = new LinkedBlockingQueue<>();
    try (RosNode node = connect(master.config("survivor"));
        RosSubscription subscription = subscribe(node, "/mortal", images)) {
      peer = master.python("talker", TALKER, "/mortal");
      assertThat(images.poll(20, TimeUnit.SECONDS)).isNotNull();
      peer.destroyForcibly().waitFor();
      RosMaster.await("its end is noticed", () -> subscription.publishers() == 0);
      long before = subscription.received();
      peer = master.python("talker", TALKER, "/mortal");
      RosMaster.await("the successor is heard", () -> subscription.received() > before + 5);
    }
  }

  @Test
  void aNodeThatIsAskedToEndIsTold() throws Exception {
    BlockingQueue<String> reasons = new LinkedBlockingQueue<>();
    try (RosNode node = connect(master.config("victim"))) {
      node.onShutdownRequest(reasons::add);
      RosPublisher unused =
          node.advertise("/victim", RosType.of(Ros1Type.POSE_STAMPED), PublishOptions.queue(1));
      String killed = master.run("kill", "rosnode", "kill", "/victim");
      assertThat(reasons.poll(10, TimeUnit.SECONDS)).as(killed).isNotNull();
    }
  }

  @Test
  void followsSimulatedTimeAndIsToldWhenItGoesBack() throws Exception {
    String unused = master.run("simulated", "rosparam", "set", "/use_sim_time", "true");
    try (RosNode node = connect(master.config("simulated"))) {
      BlockingQueue<String> jumps = new LinkedBlockingQueue<>();
      node.clock().onJumpBack(() -> jumps.add("back"));
      assertThat(node.clock().isSimulated()).isTrue();
      assertThat(node.clock().now()).isEqualTo(new Timestamp(0));
      peer = master.python("clock", CLOCK);
      RosMaster.await(
          "time goes on", () -> node.clock().now().isAfter(new Timestamp(100_000_000_000L)));
      assertThat(jumps).isEmpty();
      assertThat(jumps.poll(20, TimeUnit.SECONDS)).isNotNull();
      RosMaster.await(
          "it began anew", () -> new Timestamp(60_000_000_000L).isAfter(node.clock().now()));
    } finally {
      unused = master.run("wall", "rosparam", "delete", "/use_sim_time");
    }
    try (RosNode node = connect(master.config("wall_time"))) {
      assertThat(node.clock().isSimulated()).isFalse();
    }
  }

  protected static RosSubscription subscribe(
      RosNode node, String topic, BlockingQueue<RosImage> images) {
    return node.subscribe(
        topic,
        RosType.of(Ros1Type.IMAGE),
        SUBSCRIBE,
        delivery -> {
          try {
            images.add(RosImage.read(delivery.message(), topic));
          } catch (MessageFormatException e) {
            throw new AssertionError(e);
          }
        });
  }

  protected static RosPoseStamped pose(double xM) {
    return new RosPoseStamped(
        new RosHeader(0, new Timestamp(5_000_000_000L), "odom"), Se3.ofTranslation(xM, 0, 0));
  }

  private static String success(Ros1Input in) {
    try {
      return (in.u8("success") != 0) + " " + in.text("message");
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }
}
