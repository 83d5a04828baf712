package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.nodes.fleet.DepthThumbnail;
import dev.parallax.nodes.fleet.FleetBoard;
import dev.parallax.nodes.fleet.FleetConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the last few depths of each partition, for the pictures on cards: the whole stream of a
 * fleet would be far too much for a page. One thread.
 */
final class DepthSampler implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(300);
  private static final Duration POLL = Duration.ofMillis(50);

  /**
   * Results and the markers of their transactions: some cameras of the partition are among them.
   */
  private static final long RECORDS_BACK = 12;

  private final FleetConfig config;
  private final FleetBoard board;
  private final Consumer<String, byte[]> reader;
  private final Map<TopicPartition, Long> seen = new HashMap<>();

  DepthSampler(KafkaClients clients, FleetConfig config, FleetBoard board) {
    this.config = config;
    this.board = board;
    reader = clients.reader("fleet-depth");
  }

  void sample() {
    Map<TopicPartition, String> namespaces = new HashMap<>();
    Map<String, List<PartitionInfo>> topics = reader.listTopics(Duration.ofSeconds(5));
    for (String namespace : config.all()) {
      if (!config.comparesDepthOf(namespace)) {
        String topic = new Topics(namespace).depth();
        topics
            .getOrDefault(topic, List.of())
            .forEach(p -> namespaces.put(new TopicPartition(topic, p.partition()), namespace));
      }
    }
    if (!namespaces.isEmpty()) {
      read(namespaces);
    }
  }

  private void read(Map<TopicPartition, String> namespaces) {
    List<TopicPartition> all = new ArrayList<>(namespaces.keySet());
    Map<TopicPartition, Long> ends = reader.endOffsets(all);
    Map<TopicPartition, Long> first = reader.beginningOffsets(all);
    all.removeIf(tp -> seen.getOrDefault(tp, 0L) >= ends.getOrDefault(tp, 0L));
    reader.assign(all);
    for (TopicPartition tp : all) {
      long end = ends.getOrDefault(tp, 0L);
      reader.seek(tp, Math.max(first.getOrDefault(tp, 0L), end - RECORDS_BACK));
      seen.put(tp, end);
    }
    Map<String, ConsumerRecord<String, byte[]>> latest = new HashMap<>();
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadlineNs
        && all.stream().anyMatch(tp -> reader.position(tp) < ends.getOrDefault(tp, 0L))) {
      reader.poll(POLL).forEach(record -> latest.put(record.topic() + "/" + record.key(), record));
    }
    for (ConsumerRecord<String, byte[]> record : latest.values()) {
      show(
          record,
          namespaces.getOrDefault(new TopicPartition(record.topic(), record.partition()), ""));
    }
  }

  private void show(ConsumerRecord<String, byte[]> record, String namespace) {
    try {
      ProtoResults.DepthField depth = ProtoResults.depthOnly(record.value(), record.topic());
      board.show(
          namespace,
          String.valueOf(record.key()),
          DepthThumbnail.of(depth.width(), depth.height(), depth.depthM()));
    } catch (MessageFormatException e) {
      board.unreadable();
    }
  }

  @Override
  public void close() {
    reader.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
