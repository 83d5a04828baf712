package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoPictures;
import dev.parallax.perception.frame.DepthMap;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Depth of cameras' own sensors, fetched one by one: a frame names the place of its depth, which
 * was written before the frame. So a frame has the same depth whenever it is worked on, and by
 * whom. Thread-safe.
 */
final class SensorDepths implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(100);

  private final String topic;
  private final Consumer<String, byte[]> reader;
  private final ProtoPictures pictures = new ProtoPictures();
  private @Nullable TopicPartition at;
  private long next = -1;

  SensorDepths(KafkaClients clients, String imageTopic) {
    topic = Topics.sensorDepth(imageTopic);
    reader = clients.singleReader("sensor-depth");
  }

  /** Where a depth lies: {@code PARTITION@OFFSET}. */
  record Place(int partition, long offset) {
    /**
     * @throws FrameHeaders.Unusable if it is no place
     */
    static Place parse(String text) throws FrameHeaders.Unusable {
      String[] parts = text.split("@", -1);
      try {
        if (parts.length == 2) {
          return new Place(Integer.parseUnsignedInt(parts[0]), Long.parseUnsignedLong(parts[1]));
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new FrameHeaders.Unusable(
          DeadLetter.Reason.HEADER_MISSING,
          "header %s is no PARTITION@OFFSET but \"%s\"".formatted(FrameHeaders.DEPTH, text));
    }

    @Override
    public String toString() {
      return partition + "@" + offset;
    }
  }

  /**
   * @throws FrameHeaders.Unusable if there is no depth of this camera
   */
  synchronized DepthMap read(Place place, String camera) throws FrameHeaders.Unusable {
    ConsumerRecord<String, byte[]> record = fetch(place);
    if (record == null || !camera.equals(record.key()) || record.value() == null) {
      throw new FrameHeaders.Unusable(
          DeadLetter.Reason.DEPTH_MISSING,
          "topic %s has no depth of camera %s at %s; publish it before the frame, and keep it as long"
              .formatted(topic, camera, place));
    }
    try {
      return pictures.sensorDepth(record.value(), topic);
    } catch (MessageFormatException e) {
      throw new FrameHeaders.Unusable(DeadLetter.Reason.GARBAGE, String.valueOf(e.getMessage()));
    }
  }

  private @Nullable ConsumerRecord<String, byte[]> fetch(Place place) {
    TopicPartition wanted = new TopicPartition(topic, place.partition());
    if (!wanted.equals(at)) {
      if (reader.partitionsFor(topic).size() <= place.partition()) {
        return null;
      }
      reader.assign(List.of(wanted));
      at = wanted;
      next = -1;
    }
    if (place.offset() != next) {
      if (place.offset() >= reader.endOffsets(List.of(wanted)).getOrDefault(wanted, 0L)) {
        return null;
      }
      reader.seek(wanted, place.offset());
    }
    next = -1; // until it is known to have come
    long deadlineNs = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadlineNs) {
      for (ConsumerRecord<String, byte[]> record : reader.poll(POLL)) {
        if (record.offset() == place.offset()) {
          next = record.offset() + 1;
        }
        return record.offset() == place.offset() ? record : null;
      }
    }
    return null;
  }

  @Override
  public synchronized void close() {
    reader.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
