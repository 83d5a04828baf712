package dev.parallax.nodes.kafka;

import dev.parallax.nodes.codec.ProtoCalibration;
import dev.parallax.nodes.runtime.Health;
import dev.parallax.nodes.runtime.Metric;
import dev.parallax.nodes.runtime.Observed;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
public final class KafkaNode implements Observed {
  private final KafkaConfig config;
  private final PipelineFactory pipelines;
  private final PipelineConfig pipelineConfig;
  private final String network;
  private final List<OutcomeSink> watchers;
  private final java.util.function.Consumer<Notice> told;
  private final KafkaClients clients;
  private final Topics topics;
  private final NodeCounts counts = new NodeCounts();
  private final NodeHealth health;
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private int outputPartitions;
  private volatile boolean stopping;
  private volatile @Nullable GroupMembership membership;

  /**
   * @param network names the network that fills the holes of depth, if any; results name it, with
   *     the configuration, in their header {@code model}
   * @param watchers shown each outcome once it is committed; closed by the run
   * @param told what a person should know, as it comes up; any thread
   */
  public KafkaNode(
      KafkaConfig config,
      PipelineFactory pipelines,
      PipelineConfig pipelineConfig,
      String network,
      List<? extends OutcomeSink> watchers,
      java.util.function.Consumer<Notice> told) {
    this.config = config;
    this.pipelines = pipelines;
    this.pipelineConfig = pipelineConfig;
    this.network = network;
    this.watchers = List.copyOf(watchers);
    this.told = told;
    clients = new KafkaClients(config);
    topics = new Topics(config.namespace());
    health = new NodeHealth(config.group());
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
          SensorDepths depths = sensorDepths();
          Lanes lanes =
              new Lanes(
                  notices -> pipelines.create(pipelineConfig, notices),
                  clients,
                  new FrameDecoder(calibrations, depths),
                  records,
                  this::tell);
          ResultProducer producer = new ResultProducer(clients)) {
        GroupMembership joined =
            new GroupMembership(
                config,
                clients,
                lanes,
                producer,
                workers,
                this::ensureOutputs,
                new GroupMembership.Reports(
                    counts, health, this::tell, this::show, running::countDown));
        membership = joined;
        if (stopping) {
          joined.stop();
        }
        joined.run();
        membership = null;
      }
    } finally {
      workers.shutdownNow();
      watchers.forEach(OutcomeSink::close);
      ended.countDown();
    }
  }

  /** Null where nobody would look at them. */
  private @Nullable SensorDepths sensorDepths() {
    return pipelineConfig.scale().has(ScaleSource.SENSOR_DEPTH)
        ? new SensorDepths(clients, config.imageTopic())
        : null;
  }

  private ResultRecords prepare() {
    try (TopicSetup setup = new TopicSetup(clients, config)) {
      int partitions = setup.ensureInput(config.imageTopic(), 1);
      outputPartitions = partitions;
      Map<String, Integer> limits =
          setup.ensureOutput(topics, partitions, config.maxPicturePixels());
      String model =
          ProtoCalibration.shortHash(
              (pipelineConfig + ", network " + network).getBytes(StandardCharsets.UTF_8));
      return new ResultRecords(topics, config.node(), model, limits);
    }
  }

  /** The image topic may grow while the node runs: results lie in the partition of their frame. */
  private void ensureOutputs(int partitions) {
    if (partitions > outputPartitions) {
      try (TopicSetup setup = new TopicSetup(clients, config)) {
        Map<String, Integer> unchanged =
            setup.ensureOutput(topics, partitions, config.maxPicturePixels());
        tell(
            Notice.info(
                "%s has %d partitions now, and the %d result topics too"
                    .formatted(config.imageTopic(), partitions, unchanged.size())));
      }
      outputPartitions = partitions;
    }
  }

  private void show(WorkedFrame frame) {
    watchers.forEach(watcher -> watcher.accept(frame.item(), frame.outcome()));
  }

  /** Asks to end: the frames under way are finished and committed, the group is left. */
  public void stop() {
    stopping = true;
    GroupMembership joined = membership;
    if (joined != null) {
      joined.stop();
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

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public Health health() {
    return health.health();
  }

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>(counts.snapshot().metrics(config.node()));
    metrics.add(
        new Metric(
            "parallax_kafka_up",
            "1 while the node is in its group and its results get through",
            Map.of("node", config.node()),
            health.health().up() ? 1 : 0));
    GroupMembership joined = membership;
    if (joined != null) {
      metrics.addAll(joined.metrics());
    }
    return metrics;
  }

  private void tell(Notice notice) {
    told.accept(notice);
    watchers.forEach(watcher -> watcher.accept(notice));
  }
}
