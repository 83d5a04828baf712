package dev.parallax.nodes.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes the clients of one node. What the user gave goes to each of them, and wins. */
public final class KafkaClients {
  /** Larger than any message: the topic's own limit decides. */
  private static final int MAX_REQUEST_BYTES = 64 << 20;

  private static final int MAX_FETCH_BYTES = 32 << 20;

  /** A frame may take long; only a hung node should lose its cameras this way. */
  private static final int MAX_POLL_INTERVAL_MS = 300_000;

  private static final int FRAMES_A_POLL = 8;
  private static final int FRAMES_A_LIVE_POLL = 500;

  private final KafkaConfig config;

  public KafkaClients(KafkaConfig config) {
    this.config = config;
  }

  public Admin admin() {
    Map<String, Object> p = common("admin");
    p.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    p.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
    p.putAll(config.clientProperties());
    return Admin.create(p);
  }

  /** Takes frames as a member of the group. */
  Consumer<String, byte[]> frames(boolean live) {
    Map<String, Object> p = reading("frames");
    p.put(ConsumerConfig.GROUP_ID_CONFIG, config.group());
    p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, live ? "latest" : "earliest");
    p.put(
        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
        Math.toIntExact(config.sessionTimeout().toMillis()));
    p.put(
        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
        Math.toIntExact(config.sessionTimeout().toMillis() / 4));
    p.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MS);
    p.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, live ? FRAMES_A_LIVE_POLL : FRAMES_A_POLL);
    // A node that comes or goes takes only its share, and the others go on meanwhile.
    p.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    p.putAll(config.clientProperties());
    return new KafkaConsumer<>(p, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Reads what is there, as a member of no group. */
  public Consumer<String, byte[]> reader(String purpose) {
    Map<String, Object> p = reading(purpose);
    p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    p.putAll(config.clientProperties());
    return new KafkaConsumer<>(p, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Reads single records here and there, without what comes after them. */
  Consumer<String, byte[]> singleReader(String purpose) {
    Map<String, Object> p = reading(purpose);
    p.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1); // a batch comes whole all the same
    p.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    p.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    p.putAll(config.clientProperties());
    return new KafkaConsumer<>(p, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Tells where a partition ends, open transactions included. */
  Consumer<String, byte[]> uncommittedReader(String purpose) {
    Map<String, Object> p = reading(purpose);
    p.putAll(config.clientProperties());
    p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    return new KafkaConsumer<>(p, new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Writes results in transactions. Raw fields shrink to a half under lz4, and quickly. */
  Producer<String, byte[]> transactional() {
    Map<String, Object> p = writing("results");
    p.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.group() + "-" + config.node());
    p.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // What a killed node left open holds up readers no longer than its cameras are without a node.
    p.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        Math.toIntExact(config.sessionTimeout().toMillis()));
    p.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 15_000);
    p.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
    p.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    // A transaction's markers are written after its commit is answered; the next one begins when
    // they are there, milliseconds later, and would else ask again only after 100 ms.
    p.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 2);
    p.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 200);
    // The commit sends what waits: so a transaction's small records go in one request.
    p.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    p.putAll(config.clientProperties());
    return new KafkaProducer<>(p, new StringSerializer(), new ByteArraySerializer());
  }

  /**
   * Writes frames as a camera does, each once.
   *
   * @param compression {@code none} for pictures that are compressed already
   */
  Producer<String, byte[]> publisher(String compression) {
    Map<String, Object> p = writing("camera-" + compression);
    p.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, compression);
    // A broker that starts again may be away for a while: as long as delivery is tried anyway.
    p.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 120_000);
    p.putAll(config.clientProperties());
    return new KafkaProducer<>(p, new StringSerializer(), new ByteArraySerializer());
  }

  private Map<String, Object> reading(String purpose) {
    Map<String, Object> p = common(purpose);
    p.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    p.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    p.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_FETCH_BYTES);
    p.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, MAX_FETCH_BYTES);
    p.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return p;
  }

  private Map<String, Object> writing(String purpose) {
    Map<String, Object> p = common(purpose);
    p.put(ProducerConfig.ACKS_CONFIG, "all");
    p.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    p.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    return p;
  }

  private Map<String, Object> common(String purpose) {
    Map<String, Object> p = new HashMap<>();
    p.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    p.put(CommonClientConfigs.CLIENT_ID_CONFIG, config.node() + "-" + purpose);
    p.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1000);
    p.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, Duration.ofMinutes(1).toMillis());
    // Nothing is sent to a vendor's collector that nobody asked for.
    p.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    return p;
  }
}
