package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoResults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** What a read_committed reader sees. */
final class Committed {
  private final KafkaClients clients;

  Committed(KafkaConfig config) {
    clients = new KafkaClients(config);
  }

  /** All records of a topic as it stands now. */
  List<ConsumerRecord<String, byte[]>> records(String topic) {
    try (Consumer<String, byte[]> reader = clients.reader("test-reader")) {
      List<TopicPartition> all =
          reader.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      reader.assign(all);
      reader.seekToBeginning(all);
      Map<TopicPartition, Long> ends = reader.endOffsets(all);
      List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
      while (all.stream().anyMatch(tp -> reader.position(tp) < ends.get(tp))) {
        reader.poll(Duration.ofMillis(100)).forEach(found::add);
      }
      return found;
    }
  }

  List<ProtoResults.Result> results(Topics topics) {
    return records(topics.results()).stream().map(Committed::result).toList();
  }

  /** The results once they are as many, or all that came in the time. */
  List<ProtoResults.Result> awaitResults(Topics topics, int count, Duration patience)
      throws InterruptedException {
    return await(topics, results -> results.size() >= count, patience);
  }

  List<ProtoResults.Result> await(
      Topics topics, Predicate<List<ProtoResults.Result>> enough, Duration patience)
      throws InterruptedException {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    List<ProtoResults.Result> results = results(topics);
    while (!enough.test(results) && System.nanoTime() < deadlineNs) {
      Thread.sleep(200);
      results = results(topics);
    }
    return results;
  }

  private static ProtoResults.Result result(ConsumerRecord<String, byte[]> record) {
    try {
      return ProtoResults.decode(record.value(), record.topic());
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }
}
