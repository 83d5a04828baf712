package dev.parallax.nodes.ros.doctor;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.ros.RosConfig;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosSubscription;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import dev.parallax.nodes.ros.tcpros.RosGraph;
import dev.parallax.nodes.runtime.DoctorReport;
import dev.parallax.nodes.runtime.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Watches a live graph for a while and says what is missing or odd, with the remedy. */
public final class RosDoctor {
  private final RosConfig config;
  private final RosNode node;
  private final @Nullable String imageTopic;

  /**
   * @param imageTopic the one to look at; null for every image topic
   */
  public RosDoctor(RosConfig config, RosNode node, @Nullable String imageTopic) {
    this.config = config;
    this.node = node;
    this.imageTopic = imageTopic == null ? null : node.resolve(imageTopic);
  }

  /** Watches for so long. */
  public DoctorReport examine(Duration duration) throws InterruptedException {
    RosGraph graph = new RosGraph(config);
    Map<String, List<String>> publishers = graph.publishers();
    Map<String, CameraCheck> cameras = new LinkedHashMap<>();
    Map<String, ImuLog> imus = new LinkedHashMap<>();
    List<RosSubscription> listening = new ArrayList<>();
    try (TransformCheck transforms = new TransformCheck(node)) {
      listenToImus(graph.types(), publishers, imus, listening);
      imageTopics(graph.types(), publishers)
          .forEach((topic, packed) -> cameras.put(topic, new CameraCheck(node, topic, packed)));
      Thread.sleep(duration.toMillis());
      List<String> seen = new ArrayList<>();
      List<Finding> findings = new ArrayList<>();
      if (cameras.isEmpty()) {
        findings.add(
            Finding.error("ROS graph", "nobody publishes pictures", "start the camera's driver"));
      }
      cameras.forEach(
          (topic, camera) -> {
            seen.add(camera.summary());
            findings.addAll(camera.findings(publishers.getOrDefault(topic, List.of())));
          });
      imus.forEach((topic, imu) -> findings.addAll(imu.findings(topic)));
      findings.addAll(transforms.findings());
      findings.addAll(unreachable(graph, publishers));
      addClock(findings, publishers);
      return new DoctorReport(seen, findings);
    } finally {
      cameras.values().forEach(CameraCheck::close);
      listening.forEach(RosSubscription::close);
    }
  }

  private void listenToImus(
      Map<String, String> types,
      Map<String, List<String>> publishers,
      Map<String, ImuLog> imus,
      List<RosSubscription> listening) {
    types.forEach(
        (topic, type) -> {
          if (type.equals(Ros1Type.IMU.typeName()) && publishers.containsKey(topic)) {
            ImuLog log = new ImuLog();
            imus.put(topic, log);
            listening.add(
                node.subscribe(
                    topic,
                    RosType.of(Ros1Type.IMU),
                    SubscribeOptions.defaults(),
                    delivery -> log.add(delivery.message(), topic)));
          }
        });
  }

  /** Image topics somebody publishes, and whether each is compressed. */
  private Map<String, Boolean> imageTopics(
      Map<String, String> types, Map<String, List<String>> publishers) {
    Map<String, Boolean> topics = new LinkedHashMap<>();
    if (imageTopic != null) {
      boolean packed =
          Ros1Type.COMPRESSED_IMAGE.typeName().equals(types.get(imageTopic))
              || imageTopic.endsWith("/compressed");
      topics.put(imageTopic, packed);
      return topics;
    }
    types.forEach(
        (topic, type) -> {
          boolean raw = type.equals(Ros1Type.IMAGE.typeName());
          boolean packed = type.equals(Ros1Type.COMPRESSED_IMAGE.typeName());
          boolean ours = publishers.getOrDefault(topic, List.of()).contains(node.name());
          if ((raw || packed) && publishers.containsKey(topic) && !ours) {
            topics.put(topic, packed);
          }
        });
    return topics;
  }

  private List<Finding> unreachable(RosGraph graph, Map<String, List<String>> publishers) {
    TreeSet<String> nodes = new TreeSet<>();
    publishers.values().forEach(nodes::addAll);
    nodes.remove(node.name());
    List<Finding> findings = new ArrayList<>();
    for (String publisher : nodes) {
      String why = graph.whyUnreachable(publisher);
      if (why != null) {
        findings.add(
            Finding.error(
                "node " + publisher,
                why,
                "set ROS_IP on its machine to an address reachable from here; if it died: rosnode"
                    + " cleanup"));
      }
    }
    return findings;
  }

  private void addClock(List<Finding> findings, Map<String, List<String>> publishers) {
    if (node.clock().isSimulated() && !publishers.containsKey("/clock")) {
      findings.add(
          Finding.error(
              "/clock",
              "/use_sim_time is set but nobody publishes the time",
              "rosparam set /use_sim_time false, or play with rosbag play --clock"));
    }
  }
}
