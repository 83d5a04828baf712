package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.parallax.nodes.codec.ProtoResults.Result;
import dev.parallax.nodes.kafka.broker.BrokerConfig;
import dev.parallax.nodes.kafka.broker.LocalBroker;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A broker that falls, a node that stands still, a topic that grows, and one behind TLS and SASL.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class BrokerTroubleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration SESSION = Duration.ofSeconds(2);
  private static final List<String> CAMERAS = List.of("left", "right", "rear");

  /** How long a node stands still; a minute for the record. */
  private static final Duration STANDSTILL =
      Duration.ofSeconds(Integer.getInteger("parallax.standstill", 6));

  private Path temp;
  private Credentials credentials;
  private BrokerConfig brokerConfig;
  private LocalBroker broker;
  private int securePort;
  private KafkaConfig config;
  private Topics topics;
  private Committed committed;

  @BeforeAll
  void startBroker(@TempDir Path folder) throws Exception {
    temp = folder;
    credentials = Credentials.make(temp);
    securePort = LocalBroker.freePort();
    BrokerConfig plain = BrokerConfig.at(temp.resolve("kafka"), LocalBroker.freePort());
    brokerConfig = plain.withSettings(credentials.brokerSettings(plain, securePort));
    broker = LocalBroker.start(brokerConfig);
  }

  @AfterAll
  void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  @BeforeEach
  void takeNamesOfOurOwn() {
    String name = "test-" + UUID.randomUUID().toString().substring(0, 8);
    config =
        KafkaConfig.of(broker.address(), "a")
            .withNamespace(name)
            .withImageTopic(name + "-camera.image")
            .withSessionTimeout(SESSION);
    topics = new Topics(name);
    committed = new Committed(config);
  }

  @Test
  void aBrokerThatFallsAndComesAgainCostsNoFrameAndDoublesNone() throws Exception {
    try (RunningNode node = new RunningNode(config, (c, n) -> new CountingPipeline(20))) {
      CompletableFuture<Void> cameras = publishing(40, 15);
      committed.awaitResults(topics, 30, PATIENCE);
      broker.kill();
      Thread.sleep(1000);
      broker = LocalBroker.start(brokerConfig);
      cameras.join();
      assertEachOnce(committed.awaitResults(topics, 40 * CAMERAS.size(), PATIENCE), 40, node);
      assertThat(node.node().counts().balances()).as(node.story()).isTrue();
      assertThat(node.node().counts().inFlight()).isZero();
    }
  }

  @Test
  void whatABrokerForgotIsEndedAndWhatItKnowsIsLeftAlone() throws Exception {
    KafkaConfig patient = config.withSessionTimeout(PATIENCE); // else it is given up meanwhile
    KafkaClients clients = new KafkaClients(patient);
    try (TopicSetup setup = new TopicSetup(clients, patient)) {
      setup.ensureInput(patient.imageTopic(), 2);
      setup.ensureOutput(topics, 2, patient.maxPicturePixels());
    }
    TopicPartition offsets = new TopicPartition(patient.imageTopic(), 1);
    HangingTransactions hanging = new HangingTransactions(clients, patient);
    Producer<String, byte[]> open = clients.transactional();
    open.initTransactions();
    open.beginTransaction();
    open.sendOffsetsToTransaction(
        Map.of(offsets, new OffsetAndMetadata(1)), new ConsumerGroupMetadata(patient.group()));
    open.send(new ProducerRecord<>(topics.results(), 1, "left", new byte[1])).get();
    assertThat(hanging.end(Set.of(0, 1))).isEmpty();
    broker.kill();
    forgetTransactions();
    broker = LocalBroker.start(brokerConfig);
    open.close(Duration.ZERO);
    assertThat(hanging.end(Set.of(0, 1)))
        .extracting(TopicPartition::topic)
        .containsExactlyInAnyOrder("__consumer_offsets", topics.results());
    assertThat(hanging.end(Set.of(0, 1))).isEmpty();
    try (Consumer<String, byte[]> member = clients.frames(false)) {
      assertThat(member.committed(Set.of(offsets)).get(offsets)).as("stable, none").isNull();
    }
  }

  /** What a broker knows of transactions lies in a topic of its own. */
  private void forgetTransactions() throws IOException {
    try (Stream<Path> files = Files.walk(brokerConfig.dataDir().resolve("log"))) {
      for (Path file : files.filter(f -> f.toString().contains("__transaction_state")).toList()) {
        if (Files.isRegularFile(file) && !file.endsWith("partition.metadata")) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void aNodeThatStoodStillHasLostItsCamerasAndDoublesNothingWhenItGoesOn() throws Exception {
    int frames = (int) (10 * (STANDSTILL.toSeconds() + 2));
    Path log = temp.resolve("standing.log");
    try (CountingNodeProcess standing = new CountingNodeProcess(named("standing"), log)) {
      CompletableFuture<Void> cameras = publishing(frames, 10);
      committed.awaitResults(topics, 15, PATIENCE);
      try (RunningNode other =
          new RunningNode(named("other"), (c, n) -> new CountingPipeline(20))) {
        standing.stand();
        long stoodNs = System.nanoTime();
        List<Result> first =
            committed.await(
                topics,
                results -> results.stream().anyMatch(r -> r.origin().node().equals("other")),
                PATIENCE);
        double takeoverS = (System.nanoTime() - stoodNs) / 1e9;
        System.out.printf(
            "taken over %.1f s after the node stood still (session timeout %s)%n",
            takeoverS, SESSION);
        assertThat(first).extracting(r -> r.origin().node()).contains("other");
        Thread.sleep(Math.max(0, STANDSTILL.toMillis() - (long) (1000 * takeoverS)));
        standing.goOn();
        cameras.join();
        assertEachOnce(
            committed.awaitResults(topics, frames * CAMERAS.size(), PATIENCE), frames, other);
        assertThat(other.node().counts().balances()).isTrue();
      }
    }
    assertThat(Files.readString(log))
        .as("it has noticed")
        .containsAnyOf("went to another node", "were not committed");
  }

  @Test
  void aTopicThatIsGivenMorePartitionsIsFollowed() throws Exception {
    KafkaConfig quick =
        config.withClientProperties(Map.of("metadata.max.age.ms", "1000")); // else a minute
    publishing(5, 1000).join();
    try (RunningNode node = RunningNode.counting(quick)) {
      committed.awaitResults(topics, 5 * CAMERAS.size(), PATIENCE);
      try (Admin admin = new KafkaClients(config).admin()) {
        admin
            .createPartitions(Map.of(config.imageTopic(), NewPartitions.increaseTo(6)))
            .all()
            .get();
      }
      List<String> newcomers = List.of("n1", "n2", "n3", "n4", "n5", "n6", "n7", "n8");
      publish(newcomers, 4, 1000);
      List<Result> results =
          committed.awaitResults(topics, 5 * CAMERAS.size() + 4 * newcomers.size(), PATIENCE);
      assertThat(results).as(node::story).hasSize(5 * CAMERAS.size() + 4 * newcomers.size());
      assertThat(results).extracting(r -> r.origin().partition()).anyMatch(p -> p >= 2);
      // A transaction that the group's rearrangement cuts is done again; its results are not
      // doubled.
      assertThat(results.stream().map(r -> r.camera() + "/" + r.sequence()))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void tlsAndPasswordsArePassedOnAndNeverTold() throws Exception {
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka");
    logged.start();
    root.addAppender(logged);
    kafka.setLevel(Level.DEBUG);
    kafka.setAdditive(false); // heard by the test, not printed
    kafka.addAppender(logged);
    List<String> told = new ArrayList<>();
    try {
      KafkaConfig secure = secure(credentials.password());
      publish(secure, List.of("left"), 5, 1000);
      try (RunningNode node = RunningNode.counting(secure)) {
        assertThat(committed.awaitResults(topics, 5, PATIENCE)).hasSize(5);
        told.addAll(node.told());
        told.add(node.story());
      }
      String wrong = "not-" + UUID.randomUUID();
      try (RunningNode refused = RunningNode.counting(secure(wrong))) {
        assertThat(refused.node().awaitEnd(PATIENCE)).isTrue();
        assertThat(refused.failure())
            .isInstanceOf(KafkaTrouble.class)
            .hasMessageContaining("127.0.0.1:" + securePort)
            .hasMessageContaining("Authentication failed");
        told.add(refused.failure().toString());
      }
      told.add(secure.toString());
      told.add(brokerConfig.toString());
      logged.list.forEach(event -> told.add(event.getFormattedMessage()));
      assertThat(logged.list).as("Kafka did log").hasSizeGreaterThan(50);
      assertThat(told)
          .noneMatch(line -> line.contains(credentials.password()) || line.contains(wrong));
    } finally {
      kafka.detachAppender(logged);
      kafka.setAdditive(true);
      kafka.setLevel(null);
      root.detachAppender(logged);
    }
  }

  private KafkaConfig secure(String password) {
    Map<String, String> properties = new HashMap<>(credentials.clientProperties(password));
    properties.put("default.api.timeout.ms", "10000");
    return new KafkaConfig(
        "127.0.0.1:" + securePort,
        config.imageTopic(),
        config.namespace(),
        config.group(),
        "secure",
        config.mode(),
        config.sessionTimeout(),
        config.maxPicturePixels(),
        properties);
  }

  private KafkaConfig named(String node) {
    return KafkaConfig.of(config.bootstrapServers(), node)
        .withNamespace(config.namespace())
        .withImageTopic(config.imageTopic())
        .withSessionTimeout(SESSION);
  }

  /** Exactly one result a frame, and each session worked on each frame exactly once. */
  private static void assertEachOnce(List<Result> results, int frames, RunningNode node) {
    Map<String, List<String>> places = new TreeMap<>();
    for (Result r : results) {
      places
          .computeIfAbsent(r.camera() + "/" + r.sequence(), frame -> new ArrayList<>())
          .add(r.origin().toString());
    }
    assertThat(places)
        .as(node::story)
        .allSatisfy((frame, origins) -> assertThat(origins).hasSize(1));
    assertThat(places).as(node::story).hasSize(frames * CAMERAS.size());
    assertThat(results).as(node::story).allMatch(Result::published);
    assertThat(results)
        .as(node::story)
        .allSatisfy(r -> assertThat(r.T_odom_cam().tx()).isEqualTo(r.sequence() + 1.0));
  }

  /** Joining it tells if the cameras could not go on. */
  private CompletableFuture<Void> publishing(int frames, int hz) {
    new FramePublisher(config, "s", 2).close(); // makes the topic
    return CompletableFuture.runAsync(() -> publish(CAMERAS, frames, hz));
  }

  private void publish(List<String> cameras, int frames, int hz) {
    publish(config, cameras, frames, hz);
  }

  private static void publish(KafkaConfig to, List<String> cameras, int frames, int hz) {
    try (FramePublisher publisher = new FramePublisher(to, "s", 2)) {
      for (int i = 0; i < frames; i++) {
        for (String camera : cameras) {
          CameraFrame f = TestFrames.from(camera, TestFrames.frame(i).frame());
          publisher.publish(new SourceItem.Frame(takenNow(f)));
        }
        Thread.sleep(1000 / hz);
      }
      publisher.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A broker that falls forgets who wrote old records, and would take them twice. */
  private static CameraFrame takenNow(CameraFrame f) {
    Timestamp now = new Timestamp(1_000_000 * System.currentTimeMillis());
    return new CameraFrame(f.id(), now, f.calibration(), f.picture(), null);
  }

  /** Keys and passwords made for one run of the tests. */
  private record Credentials(Path keys, Path trust, String password) {
    static Credentials make(Path folder) throws IOException, InterruptedException {
      String password = UUID.randomUUID().toString();
      Path keys = folder.resolve("keys.p12");
      Path certificate = folder.resolve("broker.pem");
      Path trust = folder.resolve("trust.p12");
      keytool(
          "-genkeypair -alias broker -keyalg EC -dname CN=broker -ext san=ip:127.0.0.1 -validity 2"
              + " -storetype PKCS12 -keystore %s -storepass %s".formatted(keys, password));
      keytool(
          "-exportcert -rfc -alias broker -keystore %s -storepass %s -file %s"
              .formatted(keys, password, certificate));
      keytool(
          "-importcert -noprompt -alias broker -file %s -storetype PKCS12 -keystore %s -storepass %s"
              .formatted(certificate, trust, password));
      return new Credentials(keys, trust, password);
    }

    private static void keytool(String arguments) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
      command.addAll(List.of(arguments.split(" ")));
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor()).as(said).isZero();
    }

    Map<String, String> brokerSettings(BrokerConfig plain, int securePort) {
      String listeners =
          "PLAINTEXT://127.0.0.1:%d,SASL_SSL://127.0.0.1:%d".formatted(plain.port(), securePort);
      int controller = LocalBroker.freePort();
      return Map.of(
          "listeners",
          listeners + ",CONTROLLER://127.0.0.1:" + controller,
          "advertised.listeners",
          listeners,
          "controller.quorum.voters",
          "1@127.0.0.1:" + controller,
          "listener.security.protocol.map",
          "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
          "sasl.enabled.mechanisms",
          "PLAIN",
          "listener.name.sasl_ssl.plain.sasl.jaas.config",
          "org.apache.kafka.common.security.plain.PlainLoginModule required user_robot=\"%s\";"
              .formatted(password),
          "ssl.keystore.type",
          "PKCS12",
          "ssl.keystore.location",
          keys.toString(),
          "ssl.keystore.password",
          password);
    }

    Map<String, String> clientProperties(String saslPassword) {
      return Map.of(
          "security.protocol",
          "SASL_SSL",
          "sasl.mechanism",
          "PLAIN",
          "sasl.jaas.config",
          "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"robot\""
              + " password=\"%s\";".formatted(saslPassword),
          "ssl.truststore.type",
          "PKCS12",
          "ssl.truststore.location",
          trust.toString(),
          "ssl.truststore.password",
          password);
    }
  }
}
