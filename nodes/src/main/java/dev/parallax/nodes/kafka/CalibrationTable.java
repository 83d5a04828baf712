package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoCalibration;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraCalibration.Origin;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * All calibrations there are, by the name that frames call them. A publisher sends a calibration
 * before the first frame that names it, so a name that is not there after reading to the end is
 * missing for good. Thread-safe.
 */
final class CalibrationTable implements AutoCloseable {
  static final String ORIGIN = "origin";

  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final Consumer<String, byte[]> reader;
  private final TopicPartition partition;
  private final Map<String, CameraCalibration> known = new HashMap<>();

  CalibrationTable(KafkaClients clients, String imageTopic) {
    reader = clients.reader("calibrations");
    partition = new TopicPartition(Topics.cameraInfo(imageTopic), 0);
    reader.assign(List.of(partition));
    reader.seekToBeginning(List.of(partition));
  }

  /** The calibration of this name; reads on if it is not known yet. */
  synchronized Optional<CameraCalibration> find(String name) {
    CameraCalibration found = known.get(name);
    if (found == null) {
      readToEnd();
      found = known.get(name);
    }
    return Optional.ofNullable(found);
  }

  private void readToEnd() {
    long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    while (reader.position(partition) < end) {
      for (ConsumerRecord<String, byte[]> record : reader.poll(PATIENCE)) {
        take(record);
      }
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return;
    }
    try {
      String origin = FrameHeaders.text(record.headers(), ORIGIN);
      known.put(
          record.key(),
          new CameraCalibration(
              ProtoCalibration.decode(record.value(), record.topic()),
              origin == null ? Origin.GIVEN : Origin.valueOf(origin)));
    } catch (MessageFormatException | IllegalArgumentException e) {
      // Frames that name it will be refused, saying that it is missing.
      known.remove(record.key());
    }
  }

  @Override
  public synchronized void close() {
    reader.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
