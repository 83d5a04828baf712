package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.nodes.runtime.LatencyHistogram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Times a node's results from the sending of their frames to a read_committed reader, and in the
 * same run a consumer-producer that passes frames of a topic of its own on, each in a transaction.
 */
final class LatencyProbe {
  private final KafkaConfig config;
  private final KafkaConfig passing;
  private final int warmUp;
  private final Map<String, Long> sentNs = new ConcurrentHashMap<>();
  private final Map<String, Long> passingSentNs = new ConcurrentHashMap<>();
  private final LatencyHistogram whole = new LatencyHistogram();
  private final LatencyHistogram work = new LatencyHistogram();
  private final LatencyHistogram added = new LatencyHistogram();
  private final LatencyHistogram noop = new LatencyHistogram();
  private final Thread passer;
  private volatile boolean done;
  private volatile int results;
  private volatile int passed;
  private Thread reader = new Thread();

  /**
   * What was measured, milliseconds.
   *
   * @param results how many came, those of the warm-up too
   * @param workP50Ms the node's own work, as its results tell
   * @param addedP50Ms all but that
   */
  record Figures(
      int results,
      double wholeP50Ms,
      double wholeP99Ms,
      double workP50Ms,
      double workP99Ms,
      double addedP50Ms,
      double addedP99Ms,
      double noopP50Ms,
      double noopP99Ms) {
    @Override
    public String toString() {
      return ("%d results; p50/p99 ms: frame to result %.1f/%.1f, of that the node's own work"
              + " %.1f/%.1f, added by Kafka and the transaction %.1f/%.1f; a consumer-producer that"
              + " does nothing %.1f/%.1f")
          .formatted(
              results,
              wholeP50Ms,
              wholeP99Ms,
              workP50Ms,
              workP99Ms,
              addedP50Ms,
              addedP99Ms,
              noopP50Ms,
              noopP99Ms);
    }
  }

  /** Starts the consumer-producer that does nothing. */
  LatencyProbe(KafkaConfig config, int warmUp) {
    this.config = config;
    this.warmUp = warmUp;
    passing =
        config
            .withNamespace(config.namespace() + "-noop")
            .withImageTopic(config.imageTopic() + "-noop");
    new FramePublisher(passing, "noop", 4).close(); // makes the topic
    passer = new Thread(this::passOn, "noop");
    passer.start();
  }

  /** Begins to read, until so many results have come; the node's topics have to be there. */
  void start(int frames) {
    reader = new Thread(() -> read(frames), "reader");
    reader.start();
  }

  /** Where frames for the consumer-producer that does nothing are to be sent. */
  KafkaConfig passing() {
    return passing;
  }

  /** To be called just before a frame is sent to the node. */
  void sent(String camera, long sequence) {
    sentNs.put(camera + sequence, System.nanoTime());
  }

  /** To be called just before a frame is sent to {@link #passing}. */
  void sentToPassing(String camera, long sequence) {
    passingSentNs.put(camera + sequence, System.nanoTime());
  }

  Figures finish(Duration patience) throws InterruptedException {
    reader.join(patience.toMillis());
    done = true;
    reader.join();
    passer.join();
    return new Figures(
        results,
        whole.quantileMs(0.5),
        whole.quantileMs(0.99),
        work.quantileMs(0.5),
        work.quantileMs(0.99),
        added.quantileMs(0.5),
        added.quantileMs(0.99),
        noop.quantileMs(0.5),
        noop.quantileMs(0.99));
  }

  private void read(int frames) {
    String ours = new Topics(config.namespace()).results();
    String theirs = new Topics(passing.namespace()).results();
    try (Consumer<String, byte[]> consumer = new KafkaClients(config).reader("probe")) {
      List<TopicPartition> all = new ArrayList<>();
      for (String topic : List.of(ours, theirs)) {
        consumer
            .partitionsFor(topic)
            .forEach(p -> all.add(new TopicPartition(topic, p.partition())));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      while (!done && (results < frames || passed < frames)) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          long arrivedNs = System.nanoTime();
          if (record.topic().equals(theirs)) {
            takePassed(record, arrivedNs);
          } else {
            takeResult(record, arrivedNs);
          }
        }
      }
    }
  }

  private void takePassed(ConsumerRecord<String, byte[]> record, long arrivedNs) {
    passed++;
    long sequence = Long.parseLong(FrameHeaders.text(record.headers(), FrameHeaders.SEQUENCE));
    if (sequence >= warmUp) {
      noop.add((arrivedNs - passingSentNs.get(record.key() + sequence)) / 1e6);
    }
  }

  private void takeResult(ConsumerRecord<String, byte[]> record, long arrivedNs) {
    results++;
    try {
      ProtoResults.Result result = ProtoResults.decode(record.value(), record.topic());
      if (result.sequence() >= warmUp) {
        double ms = (arrivedNs - sentNs.get(result.camera() + result.sequence())) / 1e6;
        whole.add(ms);
        work.add(result.origin().nodeMs());
        added.add(ms - result.origin().nodeMs());
      }
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }

  private void passOn() {
    KafkaClients clients = new KafkaClients(passing);
    try (TopicSetup setup = new TopicSetup(clients, passing)) {
      int partitions = setup.ensureInput(passing.imageTopic(), 1);
      setup.ensureOutput(new Topics(passing.namespace()), partitions, 640 * 480);
    }
    String to = new Topics(passing.namespace()).results();
    try (Consumer<String, byte[]> in = clients.frames(false);
        Producer<String, byte[]> out = clients.transactional()) {
      out.initTransactions();
      in.subscribe(List.of(passing.imageTopic()));
      while (!done) {
        ConsumerRecords<String, byte[]> polled = in.poll(Duration.ofMillis(100));
        if (!polled.isEmpty()) {
          passOn(polled, to, in, out);
        }
      }
    }
  }

  private static void passOn(
      ConsumerRecords<String, byte[]> polled,
      String to,
      Consumer<String, byte[]> in,
      Producer<String, byte[]> out) {
    out.beginTransaction();
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (ConsumerRecord<String, byte[]> r : polled) {
      out.send(
          new ProducerRecord<>(to, r.partition(), r.timestamp(), r.key(), r.value(), r.headers()));
      offsets.put(
          new TopicPartition(r.topic(), r.partition()), new OffsetAndMetadata(r.offset() + 1));
    }
    out.sendOffsetsToTransaction(offsets, in.groupMetadata());
    out.commitTransaction();
  }
}
