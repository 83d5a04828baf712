package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.RealData;
import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.ProtoResults;
import dev.parallax.nodes.codec.ProtoResults.Result;
import dev.parallax.nodes.kafka.BrokerExtension.Desk;
import dev.parallax.nodes.runtime.DevicePipelineFactory;
import dev.parallax.nodes.runtime.DeviceWish;
import dev.parallax.nodes.runtime.PipelineFactory;
import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.RecordingOptions;
import dev.parallax.nodes.source.Recordings;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.mapping.VoxelBlockMap;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.PipelineConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same frames through Kafka and from the file give the same bits. */
@ExtendWith(BrokerExtension.class)
@Timeout(180)
class SameAsFromFileTest {
  private static final int FRAMES = 40;

  private final PipelineFactory pipelines = new DevicePipelineFactory(DeviceWish.parse("cpu"));
  private final KafkaConfig config;
  private final Topics topics;
  private final Committed committed;

  SameAsFromFileTest(Desk desk) {
    config = desk.fresh("same");
    topics = new Topics(config.namespace());
    committed = new Committed(config);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7scenes-redkitchen-250f", "bags/tum_fr1_rpy_150f_jpeg_depth.bag"})
  void depthPosesAndMapAreTheSameToTheBit(String recording) throws Exception {
    assertSame(recording, RecordingOptions.defaults(), PipelineConfig.defaults());
  }

  @Test
  void withTheCamerasOwnDepthTheyAreTooAndInMetres() throws Exception {
    List<Result> published =
        assertSame(
            "bags/tum_fr1_rpy_150f_jpeg_depth.bag",
            RecordingOptions.defaults()
                .withSensorDepth(true)
                .withDepthUnitsPerM(OptionalDouble.of(5000)),
            new PipelineConfig(
                PipelineConfig.ScaleConfig.sensorDepth(), PipelineConfig.defaults().mapping()));
    assertThat(published).allMatch(Result::metric);
    assertThat(committed.records(Topics.sensorDepth(config.imageTopic()))).hasSize(FRAMES);
  }

  private List<Result> assertSame(
      String recording, RecordingOptions options, PipelineConfig pipelineConfig) throws Exception {
    Path path = RealData.path(recording);
    List<SourceItem.Frame> frames = new ArrayList<>();
    try (FrameSource source = Recordings.open(path, options)) {
      while (frames.size() < FRAMES) {
        frames.add((SourceItem.Frame) source.next());
      }
    }
    List<Estimated> fromFile = fromFile(frames, pipelineConfig);
    try (FramePublisher publisher = new FramePublisher(config, "same", 1)) {
      frames.forEach(publisher::publish);
      publisher.flush();
    }
    List<Result> results;
    try (RunningNode node = new RunningNode(config, pipelines, pipelineConfig, line -> {})) {
      results = committed.awaitResults(topics, FRAMES, Duration.ofMinutes(2));
      assertThat(results).as(node::story).hasSize(FRAMES);
    }
    List<Result> published = results.stream().filter(Result::published).toList();
    assertThat(published).hasSameSizeAs(fromFile);
    List<ConsumerRecord<String, byte[]>> depths = committed.records(topics.depth());
    List<ConsumerRecord<String, byte[]>> stds = committed.records(topics.depthStd());
    for (int i = 0; i < published.size(); i++) {
      Estimated expected = fromFile.get(i);
      assertThat(published.get(i).stamp()).isEqualTo(expected.stamp());
      // Both through a quaternion, which rounds: the message must hold the same numbers.
      byte[] asMessage = ProtoResults.result(expected, published.get(i).origin());
      assertThat(published.get(i).T_odom_cam()).isEqualTo(decoded(asMessage).T_odom_cam());
      DepthMap depth =
          ProtoResults.depthMap(depths.get(i).value(), stds.get(i).value(), topics.depth());
      assertThat(depth.depthM()).as("depth of frame %d", i).isEqualTo(expected.depth().depthM());
      assertThat(depth.stdM()).as("std of frame %d", i).isEqualTo(expected.depth().stdM());
    }
    assertSameMap(fromFile);
    return published;
  }

  private static Result decoded(byte[] bytes) {
    try {
      return ProtoResults.decode(bytes, "expected");
    } catch (MessageFormatException e) {
      throw new AssertionError(e);
    }
  }

  private List<Estimated> fromFile(List<SourceItem.Frame> frames, PipelineConfig config) {
    List<Estimated> estimates = new ArrayList<>();
    try (PerceptionPipeline pipeline = pipelines.create(config, notice -> {})) {
      for (SourceItem.Frame frame : frames) {
        if (pipeline.process(frame.frame()) instanceof Estimated e) {
          estimates.add(e);
        }
      }
    }
    return estimates;
  }

  private void assertSameMap(List<Estimated> fromFile) {
    double voxelSizeM = fromFile.get(0).map().voxelSizeM();
    VoxelBlockMap expected = new VoxelBlockMap(voxelSizeM);
    fromFile.forEach(e -> expected.apply(e.map()));
    VoxelBlockMap rebuilt = new VoxelBlockMap(voxelSizeM);
    OccupancyDelta stored = StoredState.readAll(new KafkaClients(config), topics).map("camera");
    if (stored != null) {
      rebuilt.apply(stored);
    }
    assertThat(rebuilt.sameContentAs(expected)).as("map of a late reader").isTrue();
  }
}
