package dev.parallax.nodes.kafka;

import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceException;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Timestamp;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One camera's frames between two places of a topic, as a recording: by offset or by capture time.
 * Nobody's group is touched. What comes in after it was opened is not of it.
 */
public final class KafkaFrameSource implements FrameSource {
  private static final Duration POLL = Duration.ofMillis(200);

  private final String topic;
  private final CameraId camera;
  private final CalibrationTable calibrations;
  private final @Nullable SensorDepths depths;
  private final FrameDecoder decoder;
  private final Consumer<String, byte[]> reader;
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final Deque<ConsumerRecord<String, byte[]>> waiting = new ArrayDeque<>();
  private final Set<String> otherCameras = new TreeSet<>();
  private long delivered;

  private KafkaFrameSource(KafkaConfig config, CameraId camera, boolean withSensorDepth) {
    KafkaClients clients = new KafkaClients(config);
    topic = config.imageTopic();
    this.camera = camera;
    calibrations = new CalibrationTable(clients, topic);
    depths = withSensorDepth ? new SensorDepths(clients, topic) : null;
    decoder = new FrameDecoder(calibrations, depths);
    reader = clients.reader("replay");
  }

  /**
   * @param from the first frame; null for the oldest there is
   * @param to the first frame that is not wanted any more; null for the newest there is
   * @param withSensorDepth whether frames carry the depth of the camera's own sensor, where it has
   *     one
   * @throws SourceException if there is no such topic
   * @throws KafkaTrouble if the broker does not answer
   */
  public static KafkaFrameSource open(
      KafkaConfig config,
      CameraId camera,
      @Nullable StreamPlace from,
      @Nullable StreamPlace to,
      boolean withSensorDepth) {
    try (TopicSetup setup = new TopicSetup(new KafkaClients(config), config)) {
      if (!setup.exists(config.imageTopic())) {
        throw new SourceException(
            "%s: no topic %s; check --kafka-image"
                .formatted(config.bootstrapServers(), config.imageTopic()));
      }
    }
    KafkaFrameSource source = new KafkaFrameSource(config, camera, withSensorDepth);
    source.seek(from, to);
    return source;
  }

  private void seek(@Nullable StreamPlace from, @Nullable StreamPlace to) {
    List<TopicPartition> all =
        reader.partitionsFor(topic).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    reader.assign(all);
    Map<TopicPartition, Long> oldest = reader.beginningOffsets(all);
    Map<TopicPartition, Long> newest = reader.endOffsets(all);
    for (TopicPartition tp : all) {
      long begin = oldest.getOrDefault(tp, 0L);
      long end = newest.getOrDefault(tp, 0L);
      long first = from == null ? begin : offset(tp, from, end);
      reader.seek(tp, Math.max(begin, Math.min(first, end)));
      ends.put(tp, to == null ? end : Math.min(end, offset(tp, to, end)));
    }
  }

  private long offset(TopicPartition tp, StreamPlace place, long end) {
    if (place instanceof StreamPlace.AtOffset at) {
      return at.offset();
    }
    StreamPlace.AtTime at = (StreamPlace.AtTime) place;
    long ms = FramePublisher.timestampMs(at.stamp());
    OffsetAndTimestamp found = reader.offsetsForTimes(Map.of(tp, ms)).get(tp);
    return found == null ? end : found.offset();
  }

  @Override
  public String name() {
    return "topic %s camera %s".formatted(topic, camera.name());
  }

  @Override
  public OptionalLong frameCount() {
    return OptionalLong.empty();
  }

  @Override
  public @Nullable SourceItem next() {
    while (waiting.isEmpty() && !atEnd()) {
      reader.poll(POLL).forEach(this::take);
    }
    ConsumerRecord<String, byte[]> record = waiting.pollFirst();
    return record == null ? null : item(record);
  }

  private boolean atEnd() {
    return ends.entrySet().stream().allMatch(e -> reader.position(e.getKey()) >= e.getValue());
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    long end = ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
    if (record.offset() >= end) {
      return;
    }
    if (camera.name().equals(record.key())) {
      waiting.add(record);
    } else if (record.key() != null) {
      otherCameras.add(record.key());
    }
  }

  private SourceItem item(ConsumerRecord<String, byte[]> record) {
    FrameId id = new FrameId(camera, delivered++);
    try {
      FrameHeaders headers = FrameHeaders.read(record.headers());
      return new SourceItem.Frame(decoder.decode(record, headers, id));
    } catch (FrameHeaders.Unusable e) {
      Timestamp stamp = new Timestamp(Math.max(0, record.timestamp()) * 1_000_000);
      String where =
          "%s-%d offset %d: ".formatted(record.topic(), record.partition(), record.offset());
      return new SourceItem.Refused(id, stamp, where + e.getMessage());
    }
  }

  @Override
  public List<String> warnings() {
    return delivered > 0 || otherCameras.isEmpty()
        ? List.of()
        : List.of(
            "topic %s has no frame of camera %s there, but of %s; say which with --camera-name"
                .formatted(topic, camera.name(), otherCameras));
  }

  @Override
  public void close() {
    calibrations.close();
    if (depths != null) {
      depths.close();
    }
    reader.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
