package dev.parallax.nodes.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics that are missing and checks the limits of those that are there. */
public final class TopicSetup implements AutoCloseable {
  /** Headers, key and framing beside a message's own bytes. */
  private static final int OVERHEAD_BYTES = 4096;

  private static final long STREAM_RETENTION_BYTES = 4L << 30;

  /** How long a broker may take to hear of a topic that its controller has made. */
  private static final Duration HEARSAY_PATIENCE = Duration.ofSeconds(15);

  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final Admin admin;
  private final String bootstrapServers;

  public TopicSetup(KafkaClients clients, KafkaConfig config) {
    admin = clients.admin();
    bootstrapServers = config.bootstrapServers();
  }

  /**
   * Makes sure of the topics that frames come from.
   *
   * @param partitions for a topic that has to be made
   * @return how many partitions the image topic has
   * @throws KafkaTrouble if the broker does not answer or will not have the topic
   */
  public int ensureInput(String imageTopic, int partitions) {
    ensure(List.of(stream(imageTopic, partitions)));
    ensure(List.of(compacted(Topics.cameraInfo(imageTopic), 1)));
    return partitionsOf(List.of(imageTopic)).getOrDefault(imageTopic, 0);
  }

  /** Makes sure of the topic that the depth of cameras' own sensors goes to. */
  void ensureSensorDepth(String imageTopic) {
    int partitions = partitionsOf(List.of(imageTopic)).getOrDefault(imageTopic, 1);
    ensure(List.of(stream(Topics.sensorDepth(imageTopic), partitions)));
  }

  /**
   * Makes sure of the topics that results go to, and that each takes its largest message.
   *
   * @param partitions of the image topic: a result lies where its frame did
   * @return the largest message that each topic takes, bytes
   * @throws KafkaTrouble naming the topic and the setting to change
   */
  public Map<String, Integer> ensureOutput(Topics topics, int partitions, long maxPicturePixels) {
    List<NewTopic> wanted = new ArrayList<>();
    topics.streams().forEach(name -> wanted.add(stream(name, partitions)));
    topics.compacted().forEach(name -> wanted.add(compacted(name, partitions)));
    ensure(wanted);
    List<String> names = wanted.stream().map(NewTopic::name).toList();
    grow(partitionsOf(names), partitions);
    Map<String, Integer> limits = limits(names);
    largestMessages(topics, maxPicturePixels)
        .forEach((name, bytes) -> requireRoom(name, limits.getOrDefault(name, 0), bytes));
    return limits;
  }

  /** A result lies in the partition of its frame: each topic needs as many. */
  private void grow(Map<String, Integer> counts, int partitions) {
    Map<String, NewPartitions> wanted = new HashMap<>();
    counts.forEach(
        (name, count) -> {
          if (count < partitions) {
            wanted.put(name, NewPartitions.increaseTo(partitions));
          }
        });
    if (wanted.isEmpty()) {
      return;
    }
    try {
      admin.createPartitions(wanted).all().get();
    } catch (ExecutionException e) {
      // Another node may have been faster.
      partitionsOf(List.copyOf(wanted.keySet()))
          .forEach((name, count) -> requirePartitions(name, count, partitions, e));
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void requirePartitions(String topic, int count, int wanted, ExecutionException cause) {
    if (count < wanted) {
      throw new KafkaTrouble(
          ("%s: topic %s has %d partitions but the image topic has %d, and cannot be given more"
                  + " (%s); raise it: kafka-topics --alter --topic %s --partitions %d")
              .formatted(bootstrapServers, topic, count, wanted, reason(cause), topic, wanted),
          cause);
    }
  }

  /**
   * @throws KafkaTrouble if the broker does not answer
   */
  boolean exists(String topic) {
    return call("list topics", () -> admin.listTopics().names().get()).contains(topic);
  }

  /**
   * How many partitions a topic has.
   *
   * @throws KafkaTrouble if the broker does not say
   */
  int partitions(String topic) {
    return partitionsOf(List.of(topic)).getOrDefault(topic, 1);
  }

  /**
   * The largest message that a topic takes, bytes.
   *
   * @throws KafkaTrouble if the broker does not say
   */
  public int limit(String topic) {
    return limits(List.of(topic)).getOrDefault(topic, 0);
  }

  /**
   * @throws KafkaTrouble naming the setting if a topic takes less than is needed
   */
  void requireRoom(String topic, int limit, long bytes) {
    if (limit < bytes) {
      throw new KafkaTrouble(
          ("%s: topic %s takes messages of at most %d bytes, but up to %d may be needed; raise it:"
                  + " kafka-configs --alter --entity-type topics --entity-name %s --add-config"
                  + " max.message.bytes=%d, or give a smaller --max-picture")
              .formatted(bootstrapServers, topic, limit, bytes, topic, bytes));
    }
  }

  /** Depth lies on every second pixel; a checkpoint holds the grey picture and its depth. */
  private static Map<String, Long> largestMessages(Topics topics, long pixels) {
    long onGrid = pixels / 4;
    Map<String, Long> bytes = new HashMap<>();
    bytes.put(topics.depth(), 4 * onGrid + OVERHEAD_BYTES);
    bytes.put(topics.depthStd(), 4 * onGrid + OVERHEAD_BYTES);
    bytes.put(topics.sceneFlow(), 12 * onGrid + OVERHEAD_BYTES);
    bytes.put(topics.movingMask(), onGrid + OVERHEAD_BYTES);
    bytes.put(topics.sessions(), pixels + 8 * onGrid + OVERHEAD_BYTES);
    return bytes;
  }

  private static NewTopic stream(String name, int partitions) {
    return new NewTopic(name, partitions, (short) -1)
        .configs(
            Map.of(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(32 << 20),
                // Records are dated by capture: by age, a recording of last year would go at once.
                TopicConfig.RETENTION_MS_CONFIG,
                "-1",
                TopicConfig.RETENTION_BYTES_CONFIG,
                Long.toString(STREAM_RETENTION_BYTES),
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                Long.toString(Long.MAX_VALUE)));
  }

  private static NewTopic compacted(String name, int partitions) {
    return new NewTopic(name, partitions, (short) -1)
        .configs(
            Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT,
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                Integer.toString(32 << 20),
                // Blocks change with every frame: small segments let the cleaner keep up.
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(64 << 20),
                TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
                Long.toString(Long.MAX_VALUE)));
  }

  private void ensure(Collection<NewTopic> wanted) {
    Set<String> there = call("list topics", () -> admin.listTopics().names().get());
    List<NewTopic> missing = wanted.stream().filter(t -> !there.contains(t.name())).toList();
    for (var made : admin.createTopics(missing).values().entrySet()) {
      try {
        made.getValue().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) { // another node was quicker
          throw new KafkaTrouble(
              "%s: cannot make topic %s (%s); make it by hand or allow this user to"
                  .formatted(bootstrapServers, made.getKey(), reason(e)),
              e);
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private Map<String, Integer> partitionsOf(Collection<String> names) {
    Map<String, TopicDescription> found =
        call("describe topics", () -> admin.describeTopics(names).allTopicNames().get());
    Map<String, Integer> counts = new HashMap<>();
    found.forEach((name, topic) -> counts.put(name, topic.partitions().size()));
    return counts;
  }

  private Map<String, Integer> limits(Collection<String> names) {
    List<ConfigResource> resources =
        names.stream().map(n -> new ConfigResource(ConfigResource.Type.TOPIC, n)).toList();
    Map<ConfigResource, Config> found =
        call("read topic settings", () -> admin.describeConfigs(resources).all().get());
    Map<String, Integer> limits = new HashMap<>();
    found.forEach(
        (resource, config) -> {
          var entry = config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
          String value = entry == null ? null : entry.value();
          limits.put(resource.name(), value == null ? 0 : Integer.parseInt(value));
        });
    return limits;
  }

  /** Something asked of the broker. */
  @FunctionalInterface
  private interface Asked<T> {
    T get() throws ExecutionException, InterruptedException;
  }

  /** Asks again where a topic is not known yet: brokers hear of a new one a little later. */
  private <T> T call(String what, Asked<T> asked) {
    long deadlineNs = System.nanoTime() + HEARSAY_PATIENCE.toNanos();
    try {
      while (true) {
        try {
          return asked.get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
              || System.nanoTime() > deadlineNs) {
            throw e;
          }
          Thread.sleep(ASK_AGAIN.toMillis());
        }
      }
    } catch (ExecutionException e) {
      throw new KafkaTrouble(
          "%s: cannot %s (%s); is a broker there? A desk without one: launch/parallax kafka"
              .formatted(bootstrapServers, what, reason(e)),
          e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private KafkaTrouble interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new KafkaTrouble(bootstrapServers + ": stopped while asking the broker", e);
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }
}
