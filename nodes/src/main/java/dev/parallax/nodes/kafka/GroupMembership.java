package dev.parallax.nodes.kafka;

import dev.parallax.nodes.runtime.DeliveryMode;
import dev.parallax.nodes.runtime.Metric;
import dev.parallax.perception.pipeline.Notice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * A node's time in its group: which partitions it holds, and which frames it has under way. Of its
 * methods {@link #stop} and {@link #metrics} are for any thread, {@link #run} is called once.
 */
final class GroupMembership implements ConsumerRebalanceListener {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);

  /** Offsets of a transaction that is open are waited for so long before somebody looks at it. */
  private static final Duration OFFSETS_PATIENCE = Duration.ofSeconds(20);

  private final KafkaConfig config;
  private final Lanes lanes;
  private final ResultProducer producer;
  private final ExecutorService workers;
  private final Reports reports;
  private final IntConsumer outputsFor;
  private final HangingTransactions hanging;
  private final Consumer<String, byte[]> consumer;
  private final boolean live;
  private final Map<TopicPartition, Long> publishFrom = new HashMap<>();
  private @Nullable Batch underWay;
  private boolean broken;
  private Duration backoff = FIRST_BACKOFF;
  private volatile boolean stopping;

  /**
   * Whom a membership tells.
   *
   * @param committed takes each frame whose result is committed
   * @param running called whenever partitions were got
   */
  record Reports(
      NodeCounts counts,
      NodeHealth health,
      java.util.function.Consumer<Notice> notices,
      java.util.function.Consumer<WorkedFrame> committed,
      Runnable running) {}

  /**
   * @param outputsFor makes sure that results of so many partitions can be written
   */
  GroupMembership(
      KafkaConfig config,
      KafkaClients clients,
      Lanes lanes,
      ResultProducer producer,
      ExecutorService workers,
      IntConsumer outputsFor,
      Reports reports) {
    this.config = config;
    this.lanes = lanes;
    this.producer = producer;
    this.workers = workers;
    this.outputsFor = outputsFor;
    this.reports = reports;
    hanging = new HangingTransactions(clients, config);
    live = config.mode() == DeliveryMode.LIVE;
    consumer = clients.frames(live);
  }

  /** Asks {@link #run} to finish what is under way, commit it and leave the group. */
  void stop() {
    stopping = true;
    consumer.wakeup();
  }

  /** What the two clients say of themselves. */
  List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>(ClientMetrics.of(consumer.metrics()));
    metrics.addAll(ClientMetrics.of(producer.metrics()));
    return metrics;
  }

  void run() {
    try {
      openProducer();
      consumer.subscribe(List.of(config.imageTopic()), this);
      while (!stopping) {
        step();
      }
      leave();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (WakeupException e) {
      finishQuietly();
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
      reports.health().left();
    }
  }

  private void step() throws InterruptedException {
    try {
      ConsumerRecords<String, byte[]> polled = consumer.poll(POLL);
      if (!broken && !polled.isEmpty()) {
        Batch batch = batch(polled);
        if (!batch.isEmpty()) {
          work(batch);
        }
      }
    } catch (WakeupException e) {
      return; // the loop looks whether it should end
    }
    if (broken) {
      recover();
    }
  }

  private Batch batch(ConsumerRecords<String, byte[]> polled) {
    Batch batch = new Batch();
    for (ConsumerRecord<String, byte[]> frame : polled) {
      TopicPartition tp = new TopicPartition(frame.topic(), frame.partition());
      boolean publish = frame.offset() >= publishFrom.getOrDefault(tp, 0L);
      if (publish || !lanes.isCovered(frame.partition(), frame.key(), frame.offset())) {
        batch.add(lanes.lane(frame.partition(), frame.key()), frame, publish);
        if (!publish) {
          reports.counts().workedAgain();
        }
      }
    }
    reports.counts().taken(batch.toPublish());
    return batch;
  }

  /** Keeps the membership alive meanwhile: slow frames must not cost the node its cameras. */
  private void work(Batch batch) throws InterruptedException {
    underWay = batch;
    batch.start(workers, live);
    consumer.pause(consumer.assignment());
    while (underWay != null && !batch.await(KEEP_ALIVE)) {
      try {
        ConsumerRecords<String, byte[]> none = consumer.poll(Duration.ZERO);
        if (!none.isEmpty()) {
          throw new IllegalStateException("Frames came from paused partitions");
        }
      } catch (WakeupException e) {
        break; // asked to stop: what is under way is finished all the same
      }
    }
    finish(List.of());
    consumer.resume(consumer.assignment());
  }

  /**
   * Waits for the frames under way and commits them.
   *
   * @param leaving partitions that another node takes over after this
   */
  private void finish(Collection<Integer> leaving) throws InterruptedException {
    Batch batch = underWay;
    underWay = null;
    List<WorkedFrame> worked = List.of();
    Map<TopicPartition, OffsetAndMetadata> offsets = Map.of();
    if (batch != null) {
      if (stopping && !batch.await(STOP_PATIENCE)) {
        warn("stopped before a slow frame was done; another node takes it");
        reports.counts().givenBack(batch.toPublish());
        broken = true;
        return;
      }
      worked = batch.worked();
      offsets = batch.offsets();
    }
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    worked.forEach(frame -> records.addAll(frame.records()));
    records.addAll(lanes.leave(leaving));
    if (records.isEmpty() && offsets.isEmpty()) {
      return;
    }
    commit(worked, records, offsets);
  }

  private void commit(
      List<WorkedFrame> worked,
      List<ProducerRecord<String, byte[]>> records,
      Map<TopicPartition, OffsetAndMetadata> offsets) {
    long startNs = System.nanoTime();
    int published = (int) worked.stream().filter(w -> !w.records().isEmpty()).count();
    try {
      producer.commit(records, offsets, consumer.groupMetadata());
    } catch (ResultProducer.NotCommitted e) {
      reports.counts().givenBack(published);
      breakOff(
          "%d frames were not committed and are worked on again: %s"
              .formatted(published, e.getMessage()));
      return;
    }
    backoff = FIRST_BACKOFF;
    reports.health().well();
    reports.counts().transactionTook((System.nanoTime() - startNs) / 1e6);
    for (WorkedFrame frame : worked) {
      if (!frame.records().isEmpty()) {
        reports.counts().committed(frame);
        reports.committed().accept(frame);
      }
    }
  }

  /** Begins again where the last good transaction ended. */
  private void recover() throws InterruptedException {
    lanes.open().forEach(lanes::close);
    openProducer();
    try {
      endHanging();
      consumer.assignment().forEach(this::open);
      consumer.resume(consumer.assignment());
    } catch (KafkaException e) {
      breakOff("sessions cannot be read back yet: " + e.getMessage());
      pause();
    }
  }

  private void endHanging() throws InterruptedException {
    Set<Integer> partitions =
        consumer.assignment().stream().map(TopicPartition::partition).collect(Collectors.toSet());
    hanging
        .end(partitions)
        .forEach(tp -> warn("%s: ended a transaction that the broker had forgotten".formatted(tp)));
  }

  private void openProducer() throws InterruptedException {
    while (!stopping) {
      try {
        producer.open();
        broken = false;
        reports.health().well();
        return;
      } catch (KafkaException e) {
        breakOff("the broker takes no results yet: " + e.getMessage());
        pause();
      }
    }
  }

  private void warn(String message) {
    reports.notices().accept(Notice.warning(message));
  }

  /** The lanes cannot be gone on with; the loop begins again from what is committed. */
  private void breakOff(String why) {
    broken = true;
    reports.health().trouble(why);
    warn(why);
  }

  private void pause() throws InterruptedException {
    Thread.sleep(backoff.toMillis());
    Duration twice = backoff.multipliedBy(2);
    backoff = twice.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : twice;
  }

  private void open(TopicPartition tp) {
    OffsetAndMetadata committed = consumer.committed(Set.of(tp), OFFSETS_PATIENCE).get(tp);
    Map<TopicPartition, Long> beginning = consumer.beginningOffsets(List.of(tp));
    long oldest = beginning.getOrDefault(tp, 0L);
    long from;
    if (committed != null) {
      from = committed.offset();
    } else {
      from = live ? consumer.endOffsets(List.of(tp)).getOrDefault(tp, oldest) : oldest;
    }
    if (from < oldest) {
      warn(
          "%s: %d frames are gone from the topic before they were worked on; raise its"
                  .formatted(tp, oldest - from)
              + " retention.bytes");
      from = oldest;
    }
    publishFrom.put(tp, from);
    outputsFor.accept(tp.partition() + 1);
    long first = lanes.open(tp.partition(), from, !live, config.sessionTimeout());
    consumer.seek(tp, Math.max(first, oldest));
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> added) {
    try {
      added.forEach(this::open);
      if (underWay != null) {
        consumer.pause(added);
      }
      reports.health().holds(lanes.open());
      reports.running().run();
    } catch (KafkaException e) {
      breakOff("sessions cannot be read yet: " + e.getMessage());
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> leaving) {
    List<Integer> partitions = leaving.stream().map(TopicPartition::partition).toList();
    try {
      if (!broken) {
        finish(partitions);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    partitions.forEach(lanes::close);
    leaving.forEach(publishFrom::remove);
    reports.health().holds(lanes.open());
  }

  /** Others have them already: nothing of theirs may be committed. */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    Batch batch = underWay;
    if (batch != null) {
      underWay = null;
      reports.counts().givenBack(batch.toPublish());
      try {
        while (!batch.await(KEEP_ALIVE)) {
          // A lane must not be closed under a frame.
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      broken = true; // lanes of the partitions that stay are ahead of what is committed
    }
    lost.forEach(tp -> lanes.close(tp.partition()));
    lost.forEach(publishFrom::remove);
    reports.health().holds(lanes.open());
    warn("%s went to another node: this one gave no sign of life".formatted(lost));
  }

  private void leave() throws InterruptedException {
    if (!broken) {
      finish(lanes.open());
    }
    lanes.open().forEach(lanes::close);
  }

  private void finishQuietly() {
    try {
      leave();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
