package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.nodes.codec.ProtoResults.Result;
import dev.parallax.nodes.kafka.BrokerExtension.Desk;
import dev.parallax.nodes.runtime.DeliveryMode;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.PipelineConfig;
import dev.parallax.proto.foxglove.Odometry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A node against a real broker, with a pipeline that counts. */
@ExtendWith(BrokerExtension.class)
@Timeout(120)
class KafkaNodeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Desk desk;
  private KafkaConfig config;
  private Topics topics;
  private Committed committed;

  KafkaNodeTest(Desk desk) {
    this.desk = desk;
  }

  @BeforeEach
  void takeNamesOfOurOwn() {
    config = desk.fresh("a");
    topics = new Topics(config.namespace());
    committed = new Committed(config);
  }

  private static SourceItem.Frame frame(String camera, long sequence) {
    return frame(camera, sequence, TestFrames.stamp(sequence));
  }

  private static SourceItem.Frame frame(String camera, long sequence, Timestamp stamp) {
    CameraFrame f = TestFrames.frame(sequence).frame();
    return new SourceItem.Frame(
        new CameraFrame(
            new FrameId(new CameraId(camera), sequence),
            stamp,
            f.calibration(),
            f.picture(),
            null));
  }

  private void publish(String stream, String camera, long from, long to) {
    try (FramePublisher publisher = new FramePublisher(config, stream, 4)) {
      for (long i = from; i < to; i++) {
        publisher.publish(frame(camera, i));
      }
      publisher.flush();
    }
  }

  @Test
  void everyFrameOfTwoCamerasHasOneResultInOrder() throws InterruptedException {
    publish("s", "left", 0, 40);
    publish("s", "right", 0, 40);
    List<Result> results;
    try (RunningNode node = RunningNode.counting(config)) {
      results = committed.awaitResults(topics, 80, PATIENCE);
      assertThat(node.node().counts().balances()).isTrue();
    }
    assertThat(results).hasSize(80).allMatch(Result::published);
    for (String camera : List.of("left", "right")) {
      List<Result> mine = results.stream().filter(r -> r.camera().equals(camera)).toList();
      assertThat(mine)
          .extracting(Result::sequence)
          .containsExactlyElementsOf(LongStream.range(0, 40).boxed().toList());
      assertThat(mine)
          .as("the session worked on each frame once")
          .allSatisfy(r -> assertThat(r.T_odom_cam().tx()).isEqualTo(r.sequence() + 1.0));
    }
    for (String topic : List.of(topics.depth(), topics.sceneFlow(), topics.odometry())) {
      assertThat(committed.records(topic)).as(topic).hasSize(80);
    }
  }

  @Test
  void recordsCarryTheCaptureTimeTheCameraAndWhatMadeThem() throws InterruptedException {
    publish("run-7", "left", 0, 3);
    try (RunningNode node = RunningNode.counting(config)) {
      committed.awaitResults(topics, 3, PATIENCE);
    }
    ConsumerRecord<String, byte[]> depth = committed.records(topics.depth()).get(2);
    assertThat(depth.key()).isEqualTo("left");
    assertThat(depth.timestamp()).isEqualTo(TestFrames.stamp(2).nanos() / 1_000_000);
    Map<String, String> headers = headers(depth);
    assertThat(headers)
        .containsEntry("sequence", "2")
        .containsEntry("stream", "run-7")
        .containsEntry("frame_id", "left")
        .containsEntry("encoding", "32FC1")
        .containsKeys("calibration", "model");
    ConsumerRecord<String, byte[]> picture = committed.records(config.imageTopic()).get(2);
    assertThat(headers.get("traceparent"))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01")
        .startsWith(headers(picture).get("traceparent").substring(0, 36))
        .isNotEqualTo(headers(picture).get("traceparent"));
  }

  private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
    return java.util.Arrays.stream(record.headers().toArray())
        .collect(Collectors.toMap(h -> h.key(), h -> new String(h.value())));
  }

  @Test
  void anotherNodeGoesOnWhereTheFirstStopped() throws Exception {
    publish("s", "left", 0, 25);
    try (RunningNode node = RunningNode.counting(config)) {
      committed.awaitResults(topics, 25, PATIENCE);
    }
    publish("s", "left", 25, 50);
    List<Result> results;
    try (RunningNode node = RunningNode.counting(config)) {
      results = committed.awaitResults(topics, 50, PATIENCE);
      assertThat(node.told()).anyMatch(line -> line.contains("taken over at frame 24"));
    }
    assertThat(results).hasSize(50);
    assertThat(results.get(49).T_odom_cam().tx()).as("metres, one a frame").isEqualTo(50);
    assertThat(results.get(49).origin().takeovers()).isEqualTo(1);
    List<ConsumerRecord<String, byte[]>> odometry = committed.records(topics.odometry());
    assertThat(Odometry.parseFrom(odometry.get(0).value()).hasLinearVelocity()).isFalse();
    assertThat(Odometry.parseFrom(odometry.get(25).value()).hasLinearVelocity())
        .as("the second node did not see how the camera came to its first picture")
        .isFalse();
    for (ConsumerRecord<String, byte[]> record : odometry.subList(26, 50)) {
      Odometry told = Odometry.parseFrom(record.value());
      assertThat(told.getLinearVelocity().getX())
          .as("a metre in 0.1 s")
          .isCloseTo(10, within(1e-9));
      assertThat(told.getVelocityCovarianceList()).hasSize(36);
    }
  }

  @Test
  void aLateReaderHasTheMapToTheBit() throws InterruptedException {
    publish("s", "left", 0, 37);
    CountingPipeline[] pipeline = new CountingPipeline[1];
    try (RunningNode node =
        new RunningNode(config, (c, notices) -> pipeline[0] = new CountingPipeline(0))) {
      committed.awaitResults(topics, 37, PATIENCE);
    }
    OccupancyDelta stored = StoredState.readAll(new KafkaClients(config), topics).map("left");
    VoxelBlockMap rebuilt = new VoxelBlockMap(CountingPipeline.VOXEL_M);
    rebuilt.apply(stored);
    assertThat(rebuilt.size()).isEqualTo(2);
    assertThat(rebuilt.sameContentAs(pipeline[0].map())).isTrue();
    assertThat(committed.records(topics.map()))
        .as("forgotten blocks are buried, so that compaction bounds the topic")
        .anyMatch(r -> r.value() == null);
  }

  @Test
  void anotherRunOfThePublisherIsAnotherSessionWithAnotherMap() throws InterruptedException {
    publish("monday", "left", 0, 20);
    publish("tuesday", "left", 0, 5);
    List<Result> results;
    try (RunningNode node = RunningNode.counting(config)) {
      results = committed.awaitResults(topics, 25, PATIENCE);
    }
    assertThat(results).hasSize(25).allMatch(Result::published);
    assertThat(results.get(24).T_odom_cam().tx()).isEqualTo(5);
    OccupancyDelta map = StoredState.readAll(new KafkaClients(config), topics).map("left");
    assertThat(map.blockKeys()).hasSize(2);
    assertThat(VoxelBlockMap.blockX(map.blockKeys()[1])).isEqualTo(5);
  }

  @Test
  void liveTheNewestComesFirstAndWhatItOvertakesIsCounted() throws InterruptedException {
    KafkaConfig live = config.withMode(DeliveryMode.LIVE);
    publish("s", "left", 0, 1); // makes the topic
    try (RunningNode node = new RunningNode(live, (c, n) -> new CountingPipeline(150))) {
      assertThat(node.node().awaitRunning(PATIENCE)).isTrue();
      publish("s", "left", 1, 41);
      List<Result> results = committed.awaitResults(topics, 40, PATIENCE);
      assertThat(results).as("each frame one result").hasSize(40);
      long published = results.stream().filter(Result::published).count();
      assertThat(published).isBetween(1L, 20L);
      assertThat(results)
          .filteredOn(r -> !r.published())
          .allMatch(r -> r.outcome().equals("SKIPPED") && r.reason().equals("LATE"));
      assertThat(results.get(39).published()).as("the newest").isTrue();
      assertThat(node.node().counts().outcomes()).containsKey("skipped late");
    }
  }

  @Test
  void badInputGoesToTheDeadLettersWithTheReasonAndTheRestGoesOn() throws InterruptedException {
    publish("s", "left", 0, 3);
    RecordHeaders good = copyOf(committed.records(config.imageTopic()).get(0));
    byte[] picture = committed.records(config.imageTopic()).get(0).value();
    try (FramePublisher p = new FramePublisher(config, "s", 4)) {
      p.publishRaw("left", new byte[] {9, 9, 9}, with(good, "sequence", "3"), 0);
      p.publishRaw("left", picture, with(good, "schema", "2"), 0);
      p.publishRaw("left", picture, with(with(good, "sequence", "4"), "calibration", "cafe"), 0);
      p.publishRaw(null, picture, good, 0);
      p.publishRaw("left", picture, with(good, "sequence", "soon"), 0);
      p.publishRaw("left", picture, new RecordHeaders(), 0);
      p.publishRaw("left", picture, with(good, "sequence", "1"), 0);
      p.publishRaw("left", picture, with(good, "sequence", "2"), 0);
      p.publish(frame("left", 5, new Timestamp(TestFrames.stamp(5).nanos() + 7_200_000_000_000L)));
      p.publish(frame("left", 6));
      p.flush();
    }
    List<Result> results;
    try (RunningNode node = RunningNode.counting(config)) {
      results = committed.awaitResults(topics, 13, PATIENCE);
      assertThat(node.node().counts().balances()).isTrue();
    }
    assertThat(results).hasSize(13);
    assertThat(results).filteredOn(Result::published).hasSize(4);
    List<ConsumerRecord<String, byte[]>> dead = committed.records(topics.deadLetters());
    assertThat(dead.stream().map(r -> headers(r).get("dead_letter.reason")))
        .containsExactlyInAnyOrder(
            "GARBAGE",
            "NEWER_SCHEMA",
            "CALIBRATION_MISSING",
            "KEY_MISSING",
            "HEADER_MISSING",
            "HEADER_MISSING",
            "OUT_OF_ORDER_SEQUENCE",
            "DUPLICATE_SEQUENCE",
            "CLOCK_SKEW");
    assertThat(dead).allSatisfy(r -> assertThat(headers(r)).containsKey("dead_letter.detail"));
  }

  @Test
  void aFrameWhoseDepthIsNotThereIsADeadLetterWhereDepthIsWanted() throws InterruptedException {
    publish("s", "left", 0, 2);
    ConsumerRecord<String, byte[]> frame = committed.records(config.imageTopic()).get(0);
    RecordHeaders good = copyOf(frame);
    try (FramePublisher p = new FramePublisher(config, "s", 4)) {
      p.publishRaw("left", frame.value(), with(with(good, "sequence", "2"), "depth", "0@7"), 0);
      p.publishRaw("left", frame.value(), with(with(good, "sequence", "3"), "depth", "there"), 0);
      p.flush();
    }
    PipelineConfig withDepth =
        new PipelineConfig(
            PipelineConfig.ScaleConfig.sensorDepth(), PipelineConfig.defaults().mapping());
    try (RunningNode node =
        new RunningNode(config, (c, n) -> new CountingPipeline(0), withDepth, line -> {})) {
      List<Result> results = committed.awaitResults(topics, 4, PATIENCE);
      assertThat(results).as(node::story).hasSize(4);
      assertThat(results).extracting(Result::reason).contains("DEPTH_MISSING", "HEADER_MISSING");
    }
  }

  @Test
  void aFrameOverTheTopicsLimitIsRefusedNamingTheSetting() throws Exception {
    publish("s", "left", 0, 1);
    limit(config.imageTopic(), 150);
    assertThatThrownBy(() -> publish("s", "left", 1, 2))
        .isInstanceOf(KafkaTrouble.class)
        .hasMessageContaining(config.imageTopic())
        .hasMessageContaining("max.message.bytes=");
  }

  private static RecordHeaders copyOf(ConsumerRecord<String, byte[]> record) {
    return new RecordHeaders(record.headers());
  }

  private static RecordHeaders with(RecordHeaders headers, String key, String value) {
    RecordHeaders changed = new RecordHeaders(headers);
    changed.remove(key);
    changed.add(key, value.getBytes());
    return changed;
  }

  @Test
  void aTopicThatTakesTooLittleIsRefusedAtTheStartNamingTheSetting() throws Exception {
    publish("s", "left", 0, 1);
    try (RunningNode node = RunningNode.counting(config)) {
      committed.awaitResults(topics, 1, PATIENCE);
    }
    limit(topics.sceneFlow(), 100_000);
    try (RunningNode node = RunningNode.counting(config)) {
      assertThat(node.node().awaitEnd(PATIENCE)).isTrue();
      assertThat(node.failure())
          .isInstanceOf(KafkaTrouble.class)
          .hasMessageContaining(topics.sceneFlow())
          .hasMessageContaining("max.message.bytes=");
    }
  }

  private void limit(String topic, int bytes) throws Exception {
    try (Admin admin = new KafkaClients(config).admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(
                      new AlterConfigOp(
                          new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
                          AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  @Test
  void slowFramesCostNoCameraAndNoFrame() throws InterruptedException {
    KafkaConfig shortSession = config.withSessionTimeout(Duration.ofSeconds(1));
    publish("s", "left", 0, 4);
    try (RunningNode node = new RunningNode(shortSession, (c, n) -> new CountingPipeline(1500))) {
      List<Result> results = committed.awaitResults(topics, 4, PATIENCE);
      assertThat(results).hasSize(4);
      assertThat(node.told()).noneMatch(line -> line.contains("went to another node"));
      assertThat(node.node().counts().failedTransactions()).isZero();
    }
  }

  @Test
  void stoppingTakesLessThanFiveSecondsAndLeavesTheGroup() throws Exception {
    publish("s", "left", 0, 200);
    RunningNode node = new RunningNode(config, (c, n) -> new CountingPipeline(50));
    assertThat(committed.awaitResults(topics, 10, PATIENCE)).hasSizeGreaterThanOrEqualTo(10);
    assertThat(node.stop()).isLessThan(Duration.ofSeconds(5));
    assertThat(node.node().counts().inFlight()).isZero();
    try (Admin admin = new KafkaClients(config).admin()) {
      assertThat(
              admin
                  .describeConsumerGroups(List.of(config.group()))
                  .all()
                  .get()
                  .get(config.group())
                  .members())
          .isEmpty();
    }
  }

  @Test
  void twoNodesShareTheCamerasAndNothingIsDoubledWhenOneLeaves() throws InterruptedException {
    Set<String> cameras = new TreeSet<>(Set.of("a", "b", "c", "d", "e", "f"));
    cameras.forEach(camera -> publish("s", camera, 0, 30));
    RunningNode first = new RunningNode(config, (c, n) -> new CountingPipeline(20));
    KafkaConfig other =
        KafkaConfig.of(config.bootstrapServers(), "b")
            .withNamespace(config.namespace())
            .withImageTopic(config.imageTopic());
    committed.awaitResults(topics, 10, PATIENCE);
    try (RunningNode second = new RunningNode(other, (c, n) -> new CountingPipeline(20))) {
      committed.awaitResults(topics, 60, PATIENCE);
      first.stop();
      List<Result> results = committed.awaitResults(topics, 180, PATIENCE);
      assertThat(results).hasSize(180);
      assertThat(results)
          .allSatisfy(r -> assertThat(r.T_odom_cam().tx()).isEqualTo(r.sequence() + 1.0));
      assertThat(results).extracting(r -> r.origin().node()).contains("a", "b");
    }
  }

  @Test
  void aPartOfATopicIsPlayedByOffsetOrByTime() {
    publish("s", "left", 0, 20);
    publish("s", "other", 0, 20);
    CameraId left = new CameraId("left");
    long firstOffset = -1;
    for (ConsumerRecord<String, byte[]> r : committed.records(config.imageTopic())) {
      firstOffset = firstOffset < 0 && "left".equals(r.key()) ? r.offset() : firstOffset;
    }
    assertThat(stamps(left, StreamPlace.parse("@" + (firstOffset + 5)), null).get(0))
        .isEqualTo(TestFrames.stamp(5));
    String from = TestFrames.stamp(4).toString();
    String to = TestFrames.stamp(9).toString();
    assertThat(stamps(left, StreamPlace.parse(from), StreamPlace.parse(to)))
        .containsExactlyElementsOf(LongStream.range(4, 9).mapToObj(TestFrames::stamp).toList());
    assertThat(stamps(left, null, null)).hasSize(20);
    assertThat(stamps(new CameraId("nobody"), null, null)).isEmpty();
  }

  private List<Timestamp> stamps(CameraId camera, StreamPlace from, StreamPlace to) {
    List<Timestamp> stamps = new java.util.ArrayList<>();
    try (KafkaFrameSource source = KafkaFrameSource.open(config, camera, from, to, false)) {
      for (SourceItem item = source.next(); item != null; item = source.next()) {
        stamps.add(item.stamp());
      }
    }
    return stamps;
  }

  @Test
  void withoutABrokerTheMessageSaysHowToHaveOne() throws InterruptedException {
    KafkaConfig nowhere =
        KafkaConfig.of("127.0.0.1:1", "a")
            .withClientProperties(
                Map.of("default.api.timeout.ms", "1500", "request.timeout.ms", "1000"));
    try (RunningNode node = RunningNode.counting(nowhere)) {
      assertThat(node.node().awaitEnd(PATIENCE)).isTrue();
      assertThat(node.failure())
          .isInstanceOf(KafkaTrouble.class)
          .hasMessageContaining("127.0.0.1:1")
          .hasMessageContaining("launch/parallax kafka");
    }
  }

  @Test
  void secretsAreNotToldByTheConfiguration() {
    KafkaConfig secret =
        config.withClientProperties(Map.of("sasl.jaas.config", "password=\"hunter2\""));
    assertThat(secret.toString()).contains("sasl.jaas.config").doesNotContain("hunter2");
  }
}
