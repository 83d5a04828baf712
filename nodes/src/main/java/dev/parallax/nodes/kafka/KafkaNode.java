package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.ProtoCalibration;
import dev.parallax.nodes.runtime.DeliveryMode;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
 * Consumes frames, works on them, produces results, each frame exactly once:
 *
 * <pre>
 *   poll -> Batch: a CameraLane a camera, beside one another -> results, offsets, sessions and maps
 *                                                               in one transaction
 * </pre>
 *
 * Whatever goes wrong on the way ends alike: the lanes are thrown away, and for each partition that
 * the node still holds, sessions and maps are read back and the frames since worked through again.
 * {@link #run} is called once; everything else from any thread.
 */
public final class KafkaNode {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(1);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);
  private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);

  private final KafkaConfig config;
  private final PipelineFactory pipelines;
  private final PipelineConfig pipelineConfig;
  private final List<OutcomeSink> watchers;
  private final java.util.function.Consumer<Notice> told;
  private final KafkaClients clients;
  private final Topics topics;
  private final NodeCounts counts = new NodeCounts();
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean stopping;
  private volatile @Nullable Consumer<String, byte[]> waking;

  /**
   * @param watchers shown each outcome once it is committed; closed by the run
   * @param told what a person should know, as it comes up; any thread
   */
  public KafkaNode(
      KafkaConfig config,
      PipelineFactory pipelines,
      PipelineConfig pipelineConfig,
      List<OutcomeSink> watchers,
      java.util.function.Consumer<Notice> told) {
    this.config = config;
    this.pipelines = pipelines;
    this.pipelineConfig = pipelineConfig;
    this.watchers = List.copyOf(watchers);
    this.told = told;
    clients = new KafkaClients(config);
    topics = new Topics(config.namespace());
  }

  /**
   * Runs until {@link #stop}.
   *
   * @throws KafkaTrouble if the broker does not answer at the start or its limits do not fit
   */
  public void run() {
    ExecutorService workers = Executors.newCachedThreadPool();
    try {
      ResultRecords records = prepare();
      try (CalibrationTable calibrations = new CalibrationTable(clients, config.imageTopic());
          Lanes lanes =
              new Lanes(
                  notices -> pipelines.create(pipelineConfig, notices),
                  clients,
                  calibrations,
                  records,
                  this::tell);
          ResultProducer producer = new ResultProducer(clients)) {
        new Membership(lanes, producer, workers).run();
      }
    } finally {
      workers.shutdownNow();
      watchers.forEach(OutcomeSink::close);
      ended.countDown();
    }
  }

  private ResultRecords prepare() {
    try (TopicSetup setup = new TopicSetup(clients, config)) {
      int partitions = setup.ensureInput(config.imageTopic(), 1);
      Map<String, Integer> limits =
          setup.ensureOutput(topics, partitions, config.maxPicturePixels());
      String model =
          ProtoCalibration.shortHash(pipelineConfig.toString().getBytes(StandardCharsets.UTF_8));
      return new ResultRecords(topics, config.node(), model, limits);
    }
  }

  /** Asks to end: the frames under way are finished and committed, the group is left. */
  public void stop() {
    stopping = true;
    Consumer<String, byte[]> consumer = waking;
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  /**
   * Waits until the node has its first partitions.
   *
   * @return false if that took longer
   */
  public boolean awaitRunning(Duration patience) throws InterruptedException {
    return running.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Waits for the end of {@link #run}.
   *
   * @return false if that took longer
   */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  public NodeCounts.Snapshot counts() {
    return counts.snapshot();
  }

  private void tell(Notice notice) {
    told.accept(notice);
    watchers.forEach(watcher -> watcher.accept(notice));
  }

  /** The node's time in the group: what it holds, and what it has under way. */
  private final class Membership implements ConsumerRebalanceListener {
    private final Lanes lanes;
    private final ResultProducer producer;
    private final ExecutorService workers;
    private final Consumer<String, byte[]> consumer;
    private final boolean live = config.mode() == DeliveryMode.LIVE;
    private final Map<TopicPartition, Long> publishFrom = new HashMap<>();
    private @Nullable Batch underWay;
    private boolean broken;
    private Duration backoff = FIRST_BACKOFF;

    Membership(Lanes lanes, ResultProducer producer, ExecutorService workers) {
      this.lanes = lanes;
      this.producer = producer;
      this.workers = workers;
      consumer = clients.frames(live);
      waking = consumer;
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
        waking = null;
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
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
            counts.workedAgain();
          }
        }
      }
      counts.taken(batch.toPublish());
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
          tell(Notice.warning("stopped before a slow frame was done; another node takes it"));
          counts.givenBack(batch.toPublish());
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
        counts.givenBack(published);
        tell(
            Notice.warning(
                "%d frames were not committed and are worked on again: %s"
                    .formatted(published, e.getMessage())));
        broken = true;
        return;
      }
      backoff = FIRST_BACKOFF;
      counts.transactionTook((System.nanoTime() - startNs) / 1e6);
      for (WorkedFrame frame : worked) {
        if (!frame.records().isEmpty()) {
          counts.committed(frame);
          watchers.forEach(watcher -> watcher.accept(frame.item(), frame.outcome()));
        }
      }
    }

    /** Begins again where the last good transaction ended. */
    private void recover() throws InterruptedException {
      broken = false;
      lanes.open().forEach(lanes::close);
      openProducer();
      try {
        consumer.assignment().forEach(this::open);
        consumer.resume(consumer.assignment());
      } catch (KafkaException e) {
        tell(Notice.warning("sessions cannot be read back yet: " + e.getMessage()));
        broken = true;
        pause();
      }
    }

    private void openProducer() throws InterruptedException {
      while (!stopping) {
        try {
          producer.open();
          return;
        } catch (KafkaException e) {
          tell(Notice.warning("the broker takes no results yet: " + e.getMessage()));
          pause();
        }
      }
    }

    private void pause() throws InterruptedException {
      Thread.sleep(backoff.toMillis());
      Duration twice = backoff.multipliedBy(2);
      backoff = twice.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : twice;
    }

    private void open(TopicPartition tp) {
      OffsetAndMetadata committed = consumer.committed(java.util.Set.of(tp)).get(tp);
      Map<TopicPartition, Long> beginning = consumer.beginningOffsets(List.of(tp));
      long oldest = beginning.getOrDefault(tp, 0L);
      long from;
      if (committed != null) {
        from = committed.offset();
      } else {
        from = live ? consumer.endOffsets(List.of(tp)).getOrDefault(tp, oldest) : oldest;
      }
      if (from < oldest) {
        tell(
            Notice.warning(
                "%s: %d frames are gone from the topic before they were worked on; raise its"
                        .formatted(tp, oldest - from)
                    + " retention.bytes"));
        from = oldest;
      }
      publishFrom.put(tp, from);
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
        running.countDown();
      } catch (KafkaException e) {
        tell(Notice.warning("sessions cannot be read yet: " + e.getMessage()));
        broken = true;
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
    }

    /** Others have them already: nothing of theirs may be committed. */
    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
      Batch batch = underWay;
      if (batch != null) {
        underWay = null;
        counts.givenBack(batch.toPublish());
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
      tell(
          Notice.warning("%s went to another node: this one gave no sign of life".formatted(lost)));
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
}
