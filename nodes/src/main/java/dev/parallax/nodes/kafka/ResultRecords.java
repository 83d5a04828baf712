package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.ProtoCalibration;
import dev.parallax.nodes.codec.ProtoCheckpoint;
import dev.parallax.nodes.codec.ProtoCheckpoint.Checkpoint;
import dev.parallax.nodes.codec.ProtoMap;
import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Makes the records of results: key is the camera, partition that of the frame, timestamp that of
 * the picture.
 *
 * @param model names the model and configuration that made the results
 * @param limits largest message of each topic, bytes
 */
record ResultRecords(Topics topics, String node, String model, Map<String, Integer> limits) {

  /** A topic would not take the result. */
  static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1L;

    TooLarge(String topic, int limit, int bytes) {
      super(
          ("topic %s takes messages of at most %d bytes, but the result has %d; raise it:"
                  + " kafka-configs --alter --entity-type topics --entity-name %s --add-config"
                  + " max.message.bytes=%d")
              .formatted(topic, limit, bytes, topic, 2 * bytes));
    }
  }

  /**
   * @throws TooLarge if a topic would not take its part
   */
  List<ProducerRecord<String, byte[]>> of(
      FrameOutcome outcome,
      ConsumerRecord<String, byte[]> frame,
      FrameHeaders headers,
      byte[] result)
      throws TooLarge {
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    if (outcome instanceof Estimated e) {
      String frameId = headers.frameId();
      add(records, frame, headers, topics.depth(), "32FC1", ProtoResults.depth(e, frameId));
      add(records, frame, headers, topics.depthStd(), "32FC1", ProtoResults.depthStd(e, frameId));
      add(
          records,
          frame,
          headers,
          topics.depthCameraInfo(),
          "proto",
          ProtoCalibration.encode(e.depthCamera(), e.stamp(), frameId));
      add(records, frame, headers, topics.sceneFlow(), "32FC3", ProtoResults.sceneFlow(e, frameId));
      add(
          records,
          frame,
          headers,
          topics.movingMask(),
          "mono8",
          ProtoResults.movingMask(e, frameId));
      add(records, frame, headers, topics.odometry(), "proto", ProtoResults.odometry(e, frameId));
    }
    add(records, frame, headers, topics.results(), "proto", result);
    return records;
  }

  /** The frame as it came, and the ledger's line of it. */
  List<ProducerRecord<String, byte[]>> dead(
      DeadLetter letter,
      ConsumerRecord<String, byte[]> frame,
      @Nullable FrameHeaders headers,
      byte[] result) {
    RecordHeaders given = headers == null ? new RecordHeaders() : header(headers, "proto");
    return List.of(
        letter.record(topics.deadLetters(), frame), record(frame, topics.results(), given, result));
  }

  /** Where a session stands. */
  ProducerRecord<String, byte[]> session(Checkpoint checkpoint) {
    return new ProducerRecord<>(
        topics.sessions(),
        checkpoint.partition(),
        FramePublisher.timestampMs(checkpoint.stamp()),
        checkpoint.camera(),
        ProtoCheckpoint.encode(checkpoint));
  }

  /**
   * A block of the map.
   *
   * @param logOdds empty to remove the block
   */
  ProducerRecord<String, byte[]> block(
      int partition, FrameId frame, Timestamp stamp, double voxelSizeM, long key, byte[] logOdds) {
    return new ProducerRecord<>(
        topics.map(),
        partition,
        FramePublisher.timestampMs(stamp),
        ProtoMap.recordKey(frame.camera().name(), key),
        logOdds.length == 0 ? null : ProtoMap.encode(frame, stamp, voxelSizeM, key, logOdds));
  }

  private void add(
      List<ProducerRecord<String, byte[]>> records,
      ConsumerRecord<String, byte[]> frame,
      FrameHeaders headers,
      String topic,
      String encoding,
      byte[] value)
      throws TooLarge {
    int limit = limits.getOrDefault(topic, Integer.MAX_VALUE);
    if (value.length > limit) {
      throw new TooLarge(topic, limit, value.length);
    }
    records.add(record(frame, topic, header(headers, encoding), value));
  }

  private RecordHeaders header(FrameHeaders headers, String encoding) {
    return headers.forResult(encoding, model, node);
  }

  private static ProducerRecord<String, byte[]> record(
      ConsumerRecord<String, byte[]> frame, String topic, RecordHeaders headers, byte[] value) {
    return new ProducerRecord<>(
        topic, frame.partition(), Math.max(0, frame.timestamp()), frame.key(), value, headers);
  }
}
