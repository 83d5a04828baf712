package dev.parallax.nodes.kafka;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.kafka.BrokerExtension.Desk;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceItem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measurements rather than tests, so not run by itself: {@code mvn -q -o -pl nodes -am test
 * -Dtest=KafkaTrial#latency -Dsurefire.failIfNoSpecifiedTests=false}; {@code -Dparallax.trial.hz},
 * {@code -Dparallax.trial.frames}.
 */
@ExtendWith(BrokerExtension.class)
class KafkaTrial {
  private static final int HZ = Integer.getInteger("parallax.trial.hz", 30);
  private static final int FRAMES = Integer.getInteger("parallax.trial.frames", 250);

  /** Frames before the JVM of a node is warm. */
  private static final int WARM_UP = Integer.getInteger("parallax.trial.warmup", 50);

  private final Desk desk;
  private final List<SourceItem.Frame> recording = new ArrayList<>();

  @TempDir private Path temp;

  KafkaTrial(Desk desk) {
    this.desk = desk;
    try (FrameSource source =
        Recordings.open(RealData.path("7scenes-redkitchen-250f"), RecordingOptions.defaults())) {
      while (recording.size() < FRAMES && source.next() instanceof SourceItem.Frame frame) {
        recording.add(frame);
      }
    }
  }

  private static SourceItem.Frame as(String camera, SourceItem.Frame item) {
    return new SourceItem.Frame(TestFrames.from(camera, item.frame()), item.encoded());
  }

  /** Two cameras in, results out, beside a consumer-producer that only passes the bytes on. */
  @Test
  void latency() throws Exception {
    KafkaConfig config = desk.fresh("trial");
    new FramePublisher(config, "trial", 4).close(); // makes the topics
    NodeProcess node = new NodeProcess(config, "n", temp.resolve("n.log"));
    LatencyProbe probe = new LatencyProbe(config, WARM_UP);
    Thread.sleep(15_000);
    probe.start(2 * recording.size());
    long startNs = System.nanoTime();
    try (FramePublisher publisher = new FramePublisher(config, "trial", 4);
        FramePublisher passed = new FramePublisher(probe.passing(), "trial", 4)) {
      for (int i = 0; i < recording.size(); i++) {
        long dueNs = startNs + i * 1_000_000_000L / HZ;
        Thread.sleep(Math.max(0, (dueNs - System.nanoTime()) / 1_000_000));
        for (String camera : List.of("left", "right")) {
          probe.sent(camera, i);
          publisher.publish(as(camera, recording.get(i)));
          probe.sentToPassing(camera, i);
          passed.publish(as(camera, recording.get(i)));
        }
      }
      publisher.flush();
      passed.flush();
    }
    LatencyProbe.Figures figures = probe.finish(Duration.ofMinutes(3));
    node.stop();
    System.out.printf("%d Hz, two cameras, %d frames each: %s%n", HZ, recording.size(), figures);
  }

  /** Eight cameras on eight partitions, all frames there already; 1, 2, 4 nodes. */
  @Test
  void scaling() throws Exception {
    for (int nodes : new int[] {1, 2, 4}) {
      KafkaConfig config = desk.fresh("trial");
      List<String> cameras = eightCameras(config);
      List<NodeProcess> running = new ArrayList<>();
      for (int i = 0; i < nodes; i++) {
        running.add(new NodeProcess(config, "n" + i, temp.resolve(nodes + "-" + i + ".log")));
      }
      int total = cameras.size() * recording.size();
      Committed committed = new Committed(config);
      Topics topics = new Topics(config.namespace());
      // The first eighth is start and warm-up.
      int first =
          committed.await(topics, r -> r.size() >= total / 8, Duration.ofSeconds(180)).size();
      long startNs = System.nanoTime();
      int last = committed.awaitResults(topics, total, Duration.ofSeconds(300)).size();
      double seconds = (System.nanoTime() - startNs) / 1e9;
      for (NodeProcess node : running) {
        node.stop();
      }
      System.out.printf(
          "%d nodes: %.1f frames/s (%d of %d results in %.1f s)%n",
          nodes, (last - first) / seconds, last - first, total, seconds);
    }
  }

  /** Names that fall into partitions of their own. */
  private List<String> eightCameras(KafkaConfig config) {
    Map<Integer, String> byPartition = new java.util.TreeMap<>();
    for (int i = 0; byPartition.size() < 8; i++) {
      String name = "camera-" + i;
      byte[] key = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      int partition =
          org.apache.kafka.common.utils.Utils.toPositive(
                  org.apache.kafka.common.utils.Utils.murmur2(key))
              % 8;
      byPartition.putIfAbsent(partition, name);
    }
    try (FramePublisher publisher = new FramePublisher(config, "trial", 8)) {
      for (SourceItem.Frame frame : recording) {
        byPartition.values().forEach(name -> publisher.publish(as(name, frame)));
      }
      publisher.flush();
    }
    return List.copyOf(byPartition.values());
  }
}
