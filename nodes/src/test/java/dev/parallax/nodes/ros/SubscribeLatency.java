package dev.parallax.nodes.ros;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosImage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Time from a picture's stamp, set just before rospy publishes it, to the callback that has it
 * taken apart: 640x480 bgr8 at 30 Hz, from one publisher to all listeners in the same run, one of
 * which is rospy. Before that, as many pictures as touch the heap all over go by faster: memory
 * that was never used costs milliseconds a picture where a hypervisor has to find it first.
 */
public final class SubscribeLatency {
  private static final String TOPIC = "/latency/image";
  private static final int WARM_UP = 400;
  private static final int FRAMES = 150;

  /** On a busy machine all listeners wait for a processor longer than for a picture. */
  private static final int RUNS = 6;

  private static final String MEASURED = "measured";

  private static final String TALKER =
      """
      import rospy, sys, time
      from sensor_msgs.msg import Image
      rospy.init_node('latency_talker')
      pub = rospy.Publisher(sys.argv[1], Image, queue_size=10)
      print(1, flush=True)
      while pub.get_num_connections() < int(sys.argv[2]):
          time.sleep(0.02)
      pixels = bytes(640 * 480 * 3)
      def play(frames, hz, frame_id):
          begin = time.time()
          for n in range(frames):
              time.sleep(max(0, begin + n / hz - time.time()))
              m = Image(height=480, width=640, encoding='bgr8', step=1920, data=pixels)
              m.header.frame_id = frame_id
              m.header.stamp = rospy.Time.from_sec(time.time())
              pub.publish(m)
      play(int(sys.argv[3]), 100, 'warm-up')
      time.sleep(1)
      play(int(sys.argv[4]), 30, 'measured')
      time.sleep(1)
      """;

  private static final String LISTENER =
      """
      import rospy, sys, time
      from sensor_msgs.msg import Image
      rospy.init_node('latency_listener')
      def seen(m):
          ms = 1000 * (time.time() - m.header.stamp.to_sec())
          if m.header.frame_id == 'measured':
              print('ms', ms, flush=True)
      sub = rospy.Subscriber(sys.argv[1], Image, seen, queue_size=10, tcp_nodelay=True)
      while sub.get_num_connections() == 0:
          time.sleep(0.02)
      print('linked', flush=True)
      rospy.spin()
      """;

  /**
   * Of one listener.
   *
   * @param sortedMs of the frames after the warm-up
   */
  public record Result(List<Double> sortedMs) {
    public Result {
      sortedMs = sortedMs.stream().sorted().toList();
      if (sortedMs.isEmpty()) {
        throw new AssertionError("no frame arrived");
      }
    }

    public int frames() {
      return sortedMs.size();
    }

    public double p50Ms() {
      return quantileMs(0.5);
    }

    public double p99Ms() {
      return quantileMs(0.99);
    }

    private double quantileMs(double quantile) {
      return sortedMs.get((int) Math.ceil(quantile * sortedMs.size()) - 1);
    }

    /** The frames of two runs. */
    public Result and(Result other) {
      List<Double> all = new ArrayList<>(sortedMs);
      all.addAll(other.sortedMs);
      return new Result(all);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "p50 %.2f ms, p99 %.2f ms of %d frames", p50Ms(), p99Ms(), frames());
    }
  }

  private SubscribeLatency() {}

  /**
   * @param nodes to measure, by name
   * @return of each node, and of {@code rospy}
   */
  public static Map<String, Result> measure(RosMaster master, Map<String, RosNode> nodes) {
    Map<String, Result> results = new LinkedHashMap<>();
    for (boolean rospyFirst : new boolean[] {true, false}) {
      half(master, nodes, rospyFirst)
          .forEach((name, ms) -> results.merge(name, new Result(ms), Result::and));
    }
    return results;
  }

  /** Whether what is wanted of the figures holds in one of up to six runs, each printed. */
  public static boolean holdsOnce(
      RosMaster master, Map<String, RosNode> nodes, Predicate<Map<String, Result>> wanted) {
    boolean holds = false;
    for (int run = 0; run < RUNS && !holds; run++) {
      Map<String, Result> results = measure(master, nodes);
      results.forEach((name, result) -> System.out.println("latency of " + name + ": " + result));
      holds = wanted.test(results);
    }
    return holds;
  }

  private static Map<String, List<Double>> half(
      RosMaster master, Map<String, RosNode> nodes, boolean rospyFirst) {
    Map<String, List<Double>> latencies = new LinkedHashMap<>();
    List<RosSubscription> subscriptions = new ArrayList<>();
    List<Process> listeners = new ArrayList<>();
    Process talker =
        master.python(
            "latency_talker",
            TALKER,
            TOPIC,
            Integer.toString(nodes.size() + 1),
            Integer.toString(WARM_UP),
            Integer.toString(FRAMES));
    RosMaster.await("the talker is there", () -> master.printed("latency_talker").contains("1"));
    Runnable rospy =
        () -> {
          listeners.add(master.python("latency_listener", LISTENER, TOPIC));
          RosMaster.await(
              "rospy listens", () -> master.printed("latency_listener").contains("linked"));
        };
    try {
      if (rospyFirst) {
        rospy.run();
      }
      nodes.forEach(
          (name, node) -> {
            List<Double> ms = new ArrayList<>();
            latencies.put(name, ms);
            RosSubscription subscription =
                node.subscribe(
                    TOPIC,
                    RosType.of(Ros1Type.IMAGE),
                    SubscribeOptions.defaults(),
                    delivery -> add(ms, delivery));
            subscriptions.add(subscription);
            RosMaster.await(name + " listens", () -> subscription.publishers() == 1);
          });
      if (!rospyFirst) {
        rospy.run();
      }
      RosMaster.await("all is said", () -> !talker.isAlive());
    } finally {
      talker.destroyForcibly();
      listeners.forEach(Process::destroyForcibly);
      subscriptions.forEach(RosSubscription::close);
    }
    latencies.put("rospy", ofRospy(master.printed("latency_listener")));
    return latencies;
  }

  private static void add(List<Double> ms, RosDelivery delivery) {
    try {
      RosImage image = RosImage.read(delivery.message(), TOPIC);
      Instant now = Instant.now();
      long nowNs = now.getEpochSecond() * 1_000_000_000L + now.getNano();
      if (image.header().frameId().equals(MEASURED)) {
        ms.add((nowNs - image.header().stamp().nanos()) / 1e6);
      }
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Double> ofRospy(String printed) {
    return Arrays.stream(printed.split("\n"))
        .filter(line -> line.startsWith("ms "))
        .map(line -> Double.valueOf(line.substring(3)))
        .toList();
  }
}
