package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.ProtoCalibration;
import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.perception.pipeline.StageTimings.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Sends what became of one camera's frames to Kafka, whoever brought them: the records that {@link
 * KafkaNode} makes, those of a frame in one transaction, and the changed blocks of the map every
 * half a second. Such frames cannot be read again: what the broker does not take is counted and
 * told. One thread, the queue's in front of it.
 */
public final class KafkaResultSink implements OutcomeSink {
  private static final int FRAMES_BETWEEN_MAPS = 15;
  private static final long RETRY_NS = Duration.ofSeconds(5).toNanos();

  /** The frame lies on no topic. */
  private static final long NO_OFFSET = -1;

  private final String camera;
  private final Supplier<String> frameId;
  private final Consumer<Notice> told;
  private final String stream = "live-" + UUID.randomUUID().toString().substring(0, 8);
  private final ResultRecords records;
  private final ResultProducer producer;
  private final ConsumerGroupMetadata nobody;
  private final int partition;
  private final Map<Long, byte[]> changedBlocks = new LinkedHashMap<>();
  private final Set<Long> blocksOnTopic = new TreeSet<>();
  private double voxelSizeM = 1; // of tombstones, which have none
  private int framesSinceMap;
  private @Nullable FrameOutcome last;
  private boolean open;
  private long retryNs;
  private long committed;
  private long missed;

  /**
   * Makes sure of the topics and removes what they hold of the camera's last map.
   *
   * @param frameId of the camera's optical frame
   * @param told what a person should know
   * @throws KafkaTrouble if the broker does not answer or its limits do not fit
   */
  public KafkaResultSink(
      KafkaConfig config,
      String camera,
      PipelineConfig pipelineConfig,
      Supplier<String> frameId,
      Consumer<Notice> told) {
    this.camera = camera;
    this.frameId = frameId;
    this.told = told;
    KafkaConfig own = config.withNode(config.node() + "-" + camera);
    KafkaClients clients = new KafkaClients(own);
    Topics topics = new Topics(own.namespace());
    try (TopicSetup setup = new TopicSetup(clients, own)) {
      Map<String, Integer> limits = setup.ensureOutput(topics, 1, own.maxPicturePixels());
      // Where the records of the same camera would be if it came by Kafka.
      int hash = Utils.murmur2(camera.getBytes(StandardCharsets.UTF_8));
      partition = Utils.toPositive(hash) % setup.partitions(topics.results());
      String model =
          ProtoCalibration.shortHash(pipelineConfig.toString().getBytes(StandardCharsets.UTF_8));
      records = new ResultRecords(topics, own.node(), model, limits);
    }
    OccupancyDelta stored = StoredState.readAll(clients, topics).map(camera);
    if (stored != null) {
      voxelSizeM = stored.voxelSizeM();
      for (long key : stored.blockKeys()) {
        blocksOnTopic.add(key);
      }
      beginAnew();
    }
    nobody = new ConsumerGroupMetadata(own.group());
    producer = new ResultProducer(clients);
    open();
  }

  @Override
  public String name() {
    return "kafka";
  }

  /** Every block that the topic holds goes. */
  @Override
  public void beginAnew() {
    changedBlocks.clear();
    blocksOnTopic.forEach(key -> changedBlocks.put(key, new byte[0]));
  }

  @Override
  public void accept(SourceItem item, FrameOutcome outcome) {
    if (outcome instanceof Estimated frame) {
      note(frame.map());
    }
    last = outcome;
    if (!open && System.nanoTime() - retryNs >= 0) {
      open();
    }
    if (!open) {
      missed++;
      return;
    }
    try {
      List<ProducerRecord<String, byte[]>> all = new ArrayList<>(recordsOf(item, outcome));
      boolean mapIsDue = ++framesSinceMap >= FRAMES_BETWEEN_MAPS;
      if (mapIsDue) {
        all.addAll(blocks(outcome));
      }
      producer.commit(all, Map.of(), nobody);
      committed++;
      if (mapIsDue) {
        mapIsWritten();
      }
    } catch (ResultRecords.TooLarge e) {
      missed++;
      told.accept(Notice.warning(String.valueOf(e.getMessage())));
    } catch (ResultProducer.NotCommitted e) {
      missed++;
      giveUpForNow(e);
    }
  }

  private void note(OccupancyDelta delta) {
    voxelSizeM = delta.voxelSizeM();
    for (int i = 0; i < delta.blockKeys().length; i++) {
      changedBlocks.put(delta.blockKeys()[i], delta.logOdds()[i]);
    }
  }

  private List<ProducerRecord<String, byte[]>> recordsOf(SourceItem item, FrameOutcome outcome)
      throws ResultRecords.TooLarge {
    String calibration =
        item instanceof SourceItem.Frame frame
            ? ProtoCalibration.hash(frame.frame().calibration().model())
            : "unknown";
    FrameHeaders headers =
        FrameHeaders.of(outcome.id().sequence(), stream, frameId.get(), "none", calibration, null);
    ConsumerRecord<String, byte[]> frame =
        new ConsumerRecord<>(
            "",
            partition,
            NO_OFFSET,
            FramePublisher.timestampMs(outcome.stamp()),
            TimestampType.CREATE_TIME,
            ConsumerRecord.NULL_SIZE,
            ConsumerRecord.NULL_SIZE,
            camera,
            new byte[0],
            new RecordHeaders(),
            Optional.empty());
    ProtoResults.Origin origin =
        new ProtoResults.Origin(
            records.node(), partition, NO_OFFSET, 0, outcome.timings().millis(Stage.TOTAL));
    return records.of(outcome, frame, headers, ProtoResults.result(outcome, origin));
  }

  private List<ProducerRecord<String, byte[]>> blocks(FrameOutcome last) {
    List<ProducerRecord<String, byte[]>> blocks = new ArrayList<>();
    changedBlocks.forEach(
        (key, row) ->
            blocks.add(records.block(partition, last.id(), last.stamp(), voxelSizeM, key, row)));
    return blocks;
  }

  private void mapIsWritten() {
    changedBlocks.forEach(
        (key, row) -> {
          boolean unused = row.length == 0 ? blocksOnTopic.remove(key) : blocksOnTopic.add(key);
        });
    changedBlocks.clear();
    framesSinceMap = 0;
  }

  private void open() {
    try {
      producer.open();
      open = true;
    } catch (KafkaException e) {
      giveUpForNow(e);
    }
  }

  private void giveUpForNow(Exception why) {
    open = false;
    retryNs = System.nanoTime() + RETRY_NS;
    told.accept(
        Notice.warning(
            "camera %s: Kafka takes no results at present, %d frames are missing there so far (%s)"
                .formatted(camera, missed, why.getMessage())));
  }

  @Override
  public void accept(Notice notice) {}

  /** Writes down what the map has become since. */
  @Override
  public void close() {
    if (open && last != null && !changedBlocks.isEmpty()) {
      try {
        producer.commit(blocks(last), Map.of(), nobody);
      } catch (ResultProducer.NotCommitted e) {
        giveUpForNow(e);
      }
    }
    producer.close();
    told.accept(
        Notice.info(
            "camera %s: results of %d frames committed to Kafka, %d missing there"
                .formatted(camera, committed, missed)));
  }
}
