package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.codec.ProtoResults.Result;
import dev.parallax.nodes.kafka.broker.BrokerConfig;
import dev.parallax.nodes.kafka.broker.LocalBroker;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.geometry.PinholeCamera;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker whose disk fills up, and is given room again. Wants to mount a small file system, and so
 * root; not run by itself: {@code -Dtest=FullDiskTrial}.
 */
class FullDiskTrial {
  private static final int DISK_MB = 220;
  private static final int FILLER_MB = 120;
  private static final int MOST_FRAMES = 1000;

  private final byte[] noise = new byte[640 * 480];

  FullDiskTrial() {
    new Random(6).nextBytes(noise);
  }

  @Test
  void whatDoesNotFitIsRefusedAndAllThatWasTakenHasItsResultOnceThereIsRoom(
      @TempDir Path disk, @TempDir Path logs) throws Exception {
    Assumptions.assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MB + "m", "tmpfs", disk.toString()) == 0,
        "NOT RUN: cannot mount a small file system; to run this trial be root");
    BrokerConfig brokerConfig = BrokerConfig.at(disk.resolve("kafka"), LocalBroker.freePort());
    LocalBroker broker = LocalBroker.start(brokerConfig);
    Path filler = disk.resolve("filler");
    Files.write(filler, new byte[FILLER_MB << 20]);
    KafkaConfig config =
        KafkaConfig.of(broker.address(), "a")
            .withClientProperties(
                Map.of(
                    "max.block.ms",
                    "5000",
                    "delivery.timeout.ms",
                    "15000",
                    "request.timeout.ms",
                    "5000"));
    Topics topics = new Topics(config.namespace());
    try (RunningNode node = new RunningNode(config, (c, n) -> new CountingPipeline(5))) {
      assertThatThrownBy(() -> publishUntilRefused(config))
          .isInstanceOf(KafkaTrouble.class)
          .hasMessageContaining("has its disk room?")
          .satisfies(e -> System.out.println("refused: " + e.getMessage()));
      System.out.println("broker alive after it was full: " + broker.isAlive());
      broker.kill();
      Files.delete(filler);
      broker = LocalBroker.start(brokerConfig);
      Committed committed = new Committed(config);
      int taken = committed.records(config.imageTopic()).size();
      List<Result> results = committed.awaitResults(topics, taken, Duration.ofSeconds(90));
      System.out.printf(
          "%d frames were taken, %d have a result; %s%n", taken, results.size(), node.story());
      assertThat(results.stream().map(Result::sequence)).doesNotHaveDuplicates().hasSize(taken);
      assertThat(results)
          .allSatisfy(r -> assertThat(r.T_odom_cam().tx()).isEqualTo(r.sequence() + 1.0));
      assertThat(node.node().counts().balances()).isTrue();
    } finally {
      Files.copy(broker.log(), logs.resolve("broker.log"));
      broker.close();
      assertThat(run("umount", "-l", disk.toString())).isZero();
    }
  }

  private void publishUntilRefused(KafkaConfig config) throws InterruptedException {
    PinholeCamera model = new PinholeCamera(640, 480, 600, 600, 319.5, 239.5);
    Picture picture = new Picture(640, 480, Picture.Format.MONO8, noise);
    try (FramePublisher publisher = new FramePublisher(config, "s", 1)) {
      for (int i = 0; i < MOST_FRAMES; i++) {
        publisher.publish(
            new SourceItem.Frame(
                new CameraFrame(
                    new FrameId(new CameraId("left"), i),
                    TestFrames.stamp(i),
                    new CameraCalibration(model, CameraCalibration.Origin.GIVEN),
                    picture,
                    null)));
        Thread.sleep(20);
      }
      publisher.flush();
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
