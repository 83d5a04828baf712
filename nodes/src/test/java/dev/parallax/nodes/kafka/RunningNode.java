package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.perception.pipeline.Notice;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A node on a thread of its own; stopped when closed. */
final class RunningNode implements AutoCloseable {
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final KafkaNode node;
  private final Thread thread;

  RunningNode(KafkaConfig config, PipelineFactory pipelines) {
    this(config, pipelines, PipelineConfig.defaults(), line -> {});
  }

  /**
   * @param listener is told each notice too
   */
  RunningNode(
      KafkaConfig config,
      PipelineFactory pipelines,
      PipelineConfig pipelineConfig,
      Consumer<String> listener) {
    node =
        new KafkaNode(
            config,
            pipelines,
            pipelineConfig,
            "none",
            List.of(),
            (Notice n) -> {
              told.add(n.message());
              listener.accept(n.message());
            });
    thread =
        new Thread(
            () -> {
              try {
                node.run();
              } catch (Throwable e) {
                failure.set(e);
              }
            },
            "node-" + config.node());
    thread.start();
  }

  static RunningNode counting(KafkaConfig config) {
    return new RunningNode(config, (c, notices) -> new CountingPipeline(0));
  }

  KafkaNode node() {
    return node;
  }

  List<String> told() {
    return told;
  }

  /** What ended the node, once it has ended; null if it ended as asked. */
  Throwable failure() throws InterruptedException {
    thread.join(15_000);
    assertThat(thread.isAlive()).as("node still running").isFalse();
    return failure.get();
  }

  /** What can be told of the node while it runs: for the message of a failed test. */
  String story() {
    return "node alive: %s, failure: %s, counts: %s, told: %s"
        .formatted(thread.isAlive(), failure.get(), node.counts(), told);
  }

  /** Stops it and answers how long that took. */
  Duration stop() throws InterruptedException {
    long startNs = System.nanoTime();
    node.stop();
    thread.join(15_000);
    assertThat(thread.isAlive()).as("node still running").isFalse();
    return Duration.ofNanos(System.nanoTime() - startNs);
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
