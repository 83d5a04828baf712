package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoCheckpoint;
import dev.parallax.nodes.codec.ProtoCheckpoint.Checkpoint;
import dev.parallax.nodes.codec.ProtoMap;
import dev.parallax.nodes.codec.ProtoMap.Block;
import dev.parallax.perception.frame.OccupancyDelta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the compacted topics hold of the cameras of one partition: sessions and maps. */
public final class StoredState {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Map<String, Checkpoint> sessions = new HashMap<>();
  private final Map<String, SortedMap<Long, Block>> maps = new HashMap<>();
  private final List<String> damaged = new ArrayList<>();

  private StoredState() {}

  /**
   * Reads one partition to its end, once no transaction is open there any more: what a dead node
   * had under way is first committed or given up by the broker.
   *
   * @param committed reads committed records only
   * @param everything reads all records: tells where the end will be
   * @param patience how long to wait for open transactions
   */
  static StoredState read(
      Consumer<String, byte[]> committed,
      Consumer<String, byte[]> everything,
      Topics topics,
      int partition,
      Duration patience) {
    TopicPartition sessions = new TopicPartition(topics.sessions(), partition);
    TopicPartition map = new TopicPartition(topics.map(), partition);
    List<TopicPartition> both = List.of(sessions, map);
    committed.assign(both);
    everything.assign(both);
    long deadlineNs = System.nanoTime() + patience.toNanos();
    Map<TopicPartition, Long> ends = committed.endOffsets(both);
    while (!ends.equals(everything.endOffsets(both)) && System.nanoTime() < deadlineNs) {
      ends = committed.endOffsets(both);
    }
    StoredState state = new StoredState();
    committed.seekToBeginning(both);
    for (TopicPartition tp : both) {
      long end = ends.getOrDefault(tp, 0L);
      while (committed.position(tp) < end) {
        for (ConsumerRecord<String, byte[]> record : committed.poll(POLL)) {
          state.take(record, topics);
        }
      }
    }
    return state;
  }

  /** Reads the maps of all cameras as they stand now. */
  public static StoredState readAll(KafkaClients clients, Topics topics) {
    try (Consumer<String, byte[]> reader = clients.reader("state")) {
      StoredState state = new StoredState();
      List<TopicPartition> all = new ArrayList<>();
      for (String topic : topics.compacted()) {
        reader.partitionsFor(topic).forEach(p -> all.add(new TopicPartition(topic, p.partition())));
      }
      reader.assign(all);
      Map<TopicPartition, Long> ends = reader.endOffsets(all);
      reader.seekToBeginning(all);
      while (all.stream().anyMatch(tp -> reader.position(tp) < ends.getOrDefault(tp, 0L))) {
        for (ConsumerRecord<String, byte[]> record : reader.poll(POLL)) {
          state.take(record, topics);
        }
      }
      return state;
    }
  }

  /** The last checkpoint of each camera. */
  public Map<String, Checkpoint> sessions() {
    return Collections.unmodifiableMap(sessions);
  }

  /** A camera's whole map; null where it has none. */
  public @Nullable OccupancyDelta map(String camera) {
    SortedMap<Long, Block> blocks = maps.get(camera);
    if (blocks == null || blocks.isEmpty()) {
      return null;
    }
    long[] keys = blocks.keySet().stream().mapToLong(Long::longValue).toArray();
    byte[][] rows = blocks.values().stream().map(Block::logOdds).toArray(byte[][]::new);
    return new OccupancyDelta(blocks.values().iterator().next().voxelSizeM(), keys, rows);
  }

  /** Records that could not be read, one line each. */
  public List<String> damaged() {
    return List.copyOf(damaged);
  }

  private void take(ConsumerRecord<String, byte[]> record, Topics topics) {
    try {
      if (record.topic().equals(topics.sessions())) {
        takeSession(record);
      } else {
        takeBlock(record);
      }
    } catch (MessageFormatException e) {
      damaged.add("%s (offset %d)".formatted(e.getMessage(), record.offset()));
    }
  }

  private void takeSession(ConsumerRecord<String, byte[]> record) throws MessageFormatException {
    if (record.value() == null) {
      sessions.remove(record.key());
    } else {
      sessions.put(record.key(), ProtoCheckpoint.decode(record.value(), record.topic()));
    }
  }

  private void takeBlock(ConsumerRecord<String, byte[]> record) throws MessageFormatException {
    String camera = ProtoMap.cameraOf(record.key(), record.topic());
    SortedMap<Long, Block> blocks = maps.computeIfAbsent(camera, c -> new TreeMap<>());
    if (record.value() == null) {
      blocks.remove(ProtoMap.blockOf(record.key(), record.topic()));
    } else {
      Block block = ProtoMap.decode(record.value(), record.topic());
      blocks.put(block.key(), block);
    }
  }
}
