package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.fleet.FleetBoard;
import dev.parallax.nodes.fleet.FleetConfig;
import dev.parallax.nodes.fleet.SeenFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the committed results of any number of groups of nodes onto a board, as a member of no
 * group: it takes nothing from anybody. Where two are compared their depth is read whole, of the
 * others one now and then. {@link #run} is called once; {@link #stop} from any thread.
 */
public final class FleetReader {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final Duration SAMPLE_EVERY = Duration.ofSeconds(1);

  /** So much of what came before is shown at once. */
  private static final long RECORDS_BEFORE = 200;

  private final KafkaConfig kafka;
  private final FleetConfig config;
  private final FleetBoard board;
  private final Map<String, Sender> senders = new HashMap<>();
  private final Set<TopicPartition> reading = new HashSet<>();
  private final FrameJoin join = new FrameJoin();
  private volatile boolean stopping;
  private volatile @Nullable Consumer<String, byte[]> waking;

  /** What a topic holds, and of whom. */
  private record Sender(String namespace, FrameJoin.Part part) {}

  /**
   * @param kafka the broker and how to talk to it; group and topics of it are not used
   */
  public FleetReader(KafkaConfig kafka, FleetConfig config, FleetBoard board) {
    this.kafka = kafka;
    this.config = config;
    this.board = board;
    for (String namespace : config.all()) {
      Topics topics = new Topics(namespace);
      senders.put(topics.results(), new Sender(namespace, FrameJoin.Part.RESULT));
      if (config.comparesDepthOf(namespace)) {
        senders.put(topics.depth(), new Sender(namespace, FrameJoin.Part.DEPTH));
        senders.put(topics.depthCameraInfo(), new Sender(namespace, FrameJoin.Part.CAMERA));
      }
    }
  }

  /** Reads until {@link #stop}; a broker that does not answer is asked again and again. */
  public void run() {
    KafkaClients clients = new KafkaClients(kafka);
    try (Consumer<String, byte[]> consumer = clients.reader("fleet");
        DepthSampler sampler = new DepthSampler(clients, config, board)) {
      waking = consumer;
      long lookNs = System.nanoTime();
      long sampleNs = lookNs;
      while (!stopping) {
        try {
          if (reading.isEmpty() || System.nanoTime() >= lookNs) {
            assign(consumer);
            lookNs = System.nanoTime() + LOOK_AGAIN.toNanos();
          }
          read(consumer);
          if (System.nanoTime() >= sampleNs) {
            sampler.sample();
            sampleNs = System.nanoTime() + SAMPLE_EVERY.toNanos();
          }
        } catch (WakeupException e) {
          break;
        } catch (KafkaException e) {
          board.trouble("the broker does not answer: " + e.getMessage());
        }
      }
      waking = null;
      consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
  }

  public void stop() {
    stopping = true;
    Consumer<String, byte[]> consumer = waking;
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  /** Topics come to be when their first node starts, and grow. */
  private void assign(Consumer<String, byte[]> consumer) {
    Map<String, List<PartitionInfo>> all = consumer.listTopics(Duration.ofSeconds(5));
    List<TopicPartition> added = new ArrayList<>();
    senders
        .keySet()
        .forEach(
            topic -> {
              for (PartitionInfo p : all.getOrDefault(topic, List.of())) {
                TopicPartition tp = new TopicPartition(topic, p.partition());
                if (reading.add(tp)) {
                  added.add(tp);
                }
              }
            });
    if (!added.isEmpty()) {
      consumer.assign(reading);
      Map<TopicPartition, Long> first = consumer.beginningOffsets(added);
      Map<TopicPartition, Long> end = consumer.endOffsets(added);
      added.forEach(
          tp ->
              consumer.seek(
                  tp,
                  Math.max(first.getOrDefault(tp, 0L), end.getOrDefault(tp, 0L) - RECORDS_BEFORE)));
    }
    board.trouble(
        reading.isEmpty() ? "no node has published under %s yet".formatted(config.all()) : null);
  }

  private void read(Consumer<String, byte[]> consumer) {
    if (reading.isEmpty()) {
      pause();
      return;
    }
    for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
      Sender sender = senders.get(record.topic());
      if (sender != null) {
        take(record, sender);
      }
    }
  }

  private void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }

  private void take(ConsumerRecord<String, byte[]> record, Sender sender) {
    try {
      SeenFrame whole =
          join.add(record, sender.namespace, sender.part, config.comparesDepthOf(sender.namespace));
      if (whole != null) {
        board.add(whole);
      }
    } catch (MessageFormatException e) {
      board.unreadable();
    }
  }
}
