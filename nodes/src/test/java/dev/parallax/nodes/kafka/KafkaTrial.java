package dev.parallax.nodes.kafka;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.nodes.kafka.BrokerExtension.Desk;
import dev.parallax.nodes.runtime.LatencyHistogram;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.FrameId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
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
    CameraFrame f = item.frame();
    return new SourceItem.Frame(
        new CameraFrame(
            new FrameId(new CameraId(camera), f.id().sequence()),
            f.stamp(),
            f.calibration(),
            f.picture(),
            null),
        item.encoded());
  }

  /** Two cameras in, results out, beside a consumer-producer that only passes the bytes on. */
  @Test
  void latency() throws Exception {
    KafkaConfig config = desk.fresh("trial");
    Map<String, Long> sentNs = new ConcurrentHashMap<>();
    AtomicBoolean done = new AtomicBoolean();
    new FramePublisher(config, "trial", 4).close(); // makes the topics
    NodeProcess node = new NodeProcess(config, "n", temp.resolve("n.log"));
    KafkaConfig passing = config.withNamespace(config.namespace() + "-noop");
    Thread noop = new Thread(() -> passOn(passing, done), "noop");
    noop.start();
    Thread.sleep(15_000);
    Histograms results = new Histograms();
    Thread reader =
        new Thread(() -> read(config, passing, sentNs, results, 2 * recording.size()), "reader");
    reader.start();
    long startNs = System.nanoTime();
    try (FramePublisher publisher = new FramePublisher(config, "trial", 4)) {
      for (int i = 0; i < recording.size(); i++) {
        long dueNs = startNs + i * 1_000_000_000L / HZ;
        Thread.sleep(Math.max(0, (dueNs - System.nanoTime()) / 1_000_000));
        for (String camera : List.of("left", "right")) {
          sentNs.put(camera + i, System.nanoTime());
          publisher.publish(as(camera, recording.get(i)));
        }
      }
      publisher.flush();
    }
    reader.join(180_000);
    done.set(true);
    noop.join();
    node.stop();
    System.out.printf(
        "%d Hz, two cameras, %d frames each: results %d%n", HZ, recording.size(), results.count);
    results.print("result after frame", results.whole);
    results.print("of that the node's own work", results.work);
    results.print("added by Kafka and transaction", results.added);
    results.print("no-op consumer-producer", results.noop);
  }

  private static final class Histograms {
    final LatencyHistogram whole = new LatencyHistogram();
    final LatencyHistogram work = new LatencyHistogram();
    final LatencyHistogram added = new LatencyHistogram();
    final LatencyHistogram noop = new LatencyHistogram();
    int count;

    void print(String name, LatencyHistogram h) {
      System.out.printf(
          "  %-32s p50 %.1f ms  p99 %.1f ms  (%d)%n",
          name, h.quantileMs(0.5), h.quantileMs(0.99), h.count());
    }
  }

  private static void read(
      KafkaConfig config, KafkaConfig passing, Map<String, Long> sentNs, Histograms h, int frames) {
    String results = new Topics(config.namespace()).results();
    String passed = new Topics(passing.namespace()).results();
    try (Consumer<String, byte[]> reader = new KafkaClients(config).reader("trial-reader")) {
      List<TopicPartition> all = new ArrayList<>();
      for (String topic : List.of(results, passed)) {
        reader.partitionsFor(topic).forEach(p -> all.add(new TopicPartition(topic, p.partition())));
      }
      reader.assign(all);
      reader.seekToBeginning(all);
      int noop = 0;
      while (h.count < frames || noop < frames) {
        for (ConsumerRecord<String, byte[]> r : reader.poll(Duration.ofMillis(100))) {
          double arrivedNs = System.nanoTime();
          if (r.topic().equals(passed)) {
            noop++;
            String sequence = FrameHeaders.text(r.headers(), FrameHeaders.SEQUENCE);
            if (Integer.parseInt(sequence) >= WARM_UP) {
              h.noop.add((arrivedNs - sentNs.get(r.key() + sequence)) / 1e6);
            }
            continue;
          }
          h.count++;
          ProtoResults.Result result = ProtoResults.decode(r.value(), r.topic());
          if (result.sequence() >= WARM_UP) {
            double ms = (arrivedNs - sentNs.get(result.camera() + result.sequence())) / 1e6;
            h.whole.add(ms);
            h.work.add(result.origin().nodeMs());
            h.added.add(ms - result.origin().nodeMs());
          }
        }
      }
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }

  private static void passOn(KafkaConfig config, AtomicBoolean done) {
    KafkaClients clients = new KafkaClients(config);
    try (TopicSetup setup = new TopicSetup(clients, config)) {
      setup.ensureOutput(new Topics(config.namespace()), 4, 640 * 480);
    }
    String to = new Topics(config.namespace()).results();
    try (Consumer<String, byte[]> in = clients.frames(false);
        Producer<String, byte[]> out = clients.transactional()) {
      out.initTransactions();
      in.subscribe(List.of(config.imageTopic()));
      while (!done.get()) {
        ConsumerRecords<String, byte[]> polled = in.poll(Duration.ofMillis(100));
        if (polled.isEmpty()) {
          continue;
        }
        out.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new java.util.HashMap<>();
        for (ConsumerRecord<String, byte[]> r : polled) {
          out.send(
              new ProducerRecord<>(
                  to, r.partition(), r.timestamp(), r.key(), r.value(), r.headers()));
          offsets.put(
              new TopicPartition(r.topic(), r.partition()), new OffsetAndMetadata(r.offset() + 1));
        }
        out.sendOffsetsToTransaction(offsets, in.groupMetadata());
        out.commitTransaction();
      }
    }
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
