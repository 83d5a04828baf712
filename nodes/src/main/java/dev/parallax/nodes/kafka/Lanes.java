package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.ProtoCheckpoint.Checkpoint;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** The cameras of the partitions that a node holds. The node's thread only. */
final class Lanes implements AutoCloseable {
  /** Further back than this it is not worth going: the camera has long been silent. */
  private static final long MAX_FRAMES_AGAIN = 2000;

  private final Function<java.util.function.Consumer<Notice>, PerceptionPipeline> pipelines;
  private final FrameDecoder decoder;
  private final ResultRecords results;
  private final java.util.function.Consumer<Notice> notices;
  private final Consumer<String, byte[]> committedReader;
  private final Consumer<String, byte[]> everythingReader;
  private final Map<Integer, Partition> partitions = new HashMap<>();

  /** One partition: what was stored of it, and its lanes as they come to life. */
  private record Partition(StoredState stored, Map<String, CameraLane> lanes) {}

  Lanes(
      Function<java.util.function.Consumer<Notice>, PerceptionPipeline> pipelines,
      KafkaClients clients,
      FrameDecoder decoder,
      ResultRecords results,
      java.util.function.Consumer<Notice> notices) {
    this.pipelines = pipelines;
    this.decoder = decoder;
    this.results = results;
    this.notices = notices;
    committedReader = clients.reader("sessions");
    everythingReader = clients.uncommittedReader("sessions-end");
  }

  /**
   * Learns what is stored of a partition.
   *
   * @param committedOffset where new results begin
   * @param patience for transactions that a dead node left open
   * @return the first offset that has to be worked on, to come back to the sessions as they stood
   */
  long open(int partition, long committedOffset, boolean again, Duration patience) {
    close(partition);
    StoredState stored =
        StoredState.read(committedReader, everythingReader, results.topics(), partition, patience);
    stored.damaged().forEach(line -> notices.accept(Notice.warning(line)));
    partitions.put(partition, new Partition(stored, new HashMap<>()));
    long first = committedOffset;
    for (Checkpoint c : stored.sessions().values()) {
      if (again && committedOffset - c.resumeOffset() <= MAX_FRAMES_AGAIN) {
        first = Math.min(first, c.resumeOffset());
      }
    }
    return first;
  }

  /** The lane of a camera; the nameless share one, which refuses all they send. */
  CameraLane lane(int partition, @Nullable String key) {
    Partition p = partitions.get(partition);
    if (p == null) {
      throw new IllegalStateException("Partition %d is not open".formatted(partition));
    }
    String camera = key == null ? "" : key;
    return p.lanes.computeIfAbsent(camera, c -> create(partition, c, p.stored));
  }

  /** Whether a camera's frame was already worked into the session as it was stored. */
  boolean isCovered(int partition, @Nullable String key, long offset) {
    Partition p = partitions.get(partition);
    Checkpoint c = p == null || key == null ? null : p.stored.sessions().get(key);
    return c == null || offset < c.resumeOffset();
  }

  private CameraLane create(int partition, String camera, StoredState stored) {
    CameraLane lane = new CameraLane(camera, partition, pipelines, decoder, results, notices);
    Checkpoint checkpoint = stored.sessions().get(camera);
    if (checkpoint != null) {
      lane.goOnFrom(checkpoint, stored.map(camera));
    }
    return lane;
  }

  /** What successors of these partitions should find. */
  List<ProducerRecord<String, byte[]>> leave(Iterable<Integer> leaving) {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (int partition : leaving) {
      Partition p = partitions.get(partition);
      if (p != null) {
        p.lanes.values().forEach(lane -> records.addAll(lane.leave()));
      }
    }
    return records;
  }

  List<Integer> open() {
    return List.copyOf(partitions.keySet());
  }

  void close(int partition) {
    Partition p = partitions.remove(partition);
    if (p != null) {
      p.lanes.values().forEach(CameraLane::close);
    }
  }

  @Override
  public void close() {
    open().forEach(this::close);
    committedReader.close(
        org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
    everythingReader.close(
        org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
