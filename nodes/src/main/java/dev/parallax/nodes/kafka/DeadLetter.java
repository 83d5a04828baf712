package dev.parallax.nodes.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A frame that cannot be used.
 *
 * @param detail one line: what is wrong and the remedy
 */
record DeadLetter(Reason reason, String detail) {
  private static final String REASON = "dead_letter.reason";
  private static final String DETAIL = "dead_letter.detail";
  private static final String TOPIC = "dead_letter.topic";
  private static final String PARTITION = "dead_letter.partition";
  private static final String OFFSET = "dead_letter.offset";

  /** Names for machines. */
  enum Reason {
    KEY_MISSING,
    HEADER_MISSING,
    NEWER_SCHEMA,
    GARBAGE,
    CALIBRATION_MISSING,
    DEPTH_MISSING,
    PICTURE_SIZE,
    CLOCK_SKEW,
    DUPLICATE_SEQUENCE,
    OUT_OF_ORDER_SEQUENCE,
    RESULT_TOO_LARGE
  }

  /** The record as it came, with the reason in its headers. */
  ProducerRecord<String, byte[]> record(String topic, ConsumerRecord<String, byte[]> frame) {
    RecordHeaders headers = new RecordHeaders(frame.headers());
    add(headers, REASON, reason.name());
    add(headers, DETAIL, detail);
    add(headers, TOPIC, frame.topic());
    add(headers, PARTITION, Integer.toString(frame.partition()));
    add(headers, OFFSET, Long.toString(frame.offset()));
    return new ProducerRecord<>(
        topic,
        frame.partition(),
        Math.max(0, frame.timestamp()),
        frame.key(),
        frame.value(),
        headers);
  }

  private static void add(RecordHeaders headers, String key, String value) {
    headers.add(key, value.getBytes(StandardCharsets.UTF_8));
  }
}
