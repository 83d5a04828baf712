package dev.parallax.nodes.kafka;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.pipeline.FrameOutcome;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A frame and what became of it.
 *
 * @param outcome of a frame that could not be used: skipped as refused
 * @param deadLetter why it could not be used; null where it could
 * @param records what is to be published of it, in order; empty where it was only worked on again
 */
record WorkedFrame(
    ConsumerRecord<String, byte[]> frame,
    SourceItem item,
    FrameOutcome outcome,
    @Nullable DeadLetter deadLetter,
    List<ProducerRecord<String, byte[]>> records) {}
