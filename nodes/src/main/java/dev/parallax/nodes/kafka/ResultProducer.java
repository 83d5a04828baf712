package dev.parallax.nodes.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Writes results and the offsets of their frames in one transaction. After a failure the producer
 * is made anew, which settles whatever the old one left open. One thread.
 */
final class ResultProducer implements AutoCloseable {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);
  private static final int COMMIT_TRIES = 3;

  private final KafkaClients clients;
  private volatile @Nullable Producer<String, byte[]> producer;

  ResultProducer(KafkaClients clients) {
    this.clients = clients;
  }

  /** The transaction did not go through, or it is not known whether it did. */
  static final class NotCommitted extends Exception {
    private static final long serialVersionUID = 1L;

    NotCommitted(KafkaException cause) {
      super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
  }

  /**
   * Makes a producer and ends what one of the same name left open.
   *
   * @throws KafkaException if the broker does not answer
   */
  void open() {
    close();
    Producer<String, byte[]> made = clients.transactional();
    producer = made;
    made.initTransactions();
  }

  /**
   * Publishes all or nothing.
   *
   * @throws NotCommitted if it is not known to have gone through; {@link #open} settles it
   */
  void commit(
      List<ProducerRecord<String, byte[]>> records,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      ConsumerGroupMetadata group)
      throws NotCommitted {
    Producer<String, byte[]> live = producer;
    if (live == null) {
      throw new IllegalStateException("The producer is not open");
    }
    try {
      live.beginTransaction();
      // Offsets first: their answer is waited for, and records under way would hold it up.
      if (!offsets.isEmpty()) {
        live.sendOffsetsToTransaction(offsets, group);
      }
      for (ProducerRecord<String, byte[]> record : records) {
        Future<RecordMetadata> unused = live.send(record); // a failure fails the commit
      }
      commit(live);
    } catch (KafkaException e) {
      throw new NotCommitted(e);
    }
  }

  private static void commit(Producer<String, byte[]> live) {
    for (int attempt = 1; ; attempt++) {
      try {
        live.commitTransaction();
        return;
      } catch (TimeoutException e) {
        if (attempt == COMMIT_TRIES) {
          throw e;
        }
      }
    }
  }

  /** The client's own metrics; empty while there is none. Any thread. */
  Map<MetricName, ? extends Metric> metrics() {
    Producer<String, byte[]> live = producer;
    return live == null ? Map.of() : live.metrics();
  }

  @Override
  public void close() {
    Producer<String, byte[]> old = producer;
    if (old != null) {
      producer = null;
      old.close(CLOSE_PATIENCE);
    }
  }
}
