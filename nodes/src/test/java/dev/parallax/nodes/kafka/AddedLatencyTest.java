package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.EncodedPicture;
import dev.parallax.nodes.codec.ImageCodec;
import dev.parallax.nodes.kafka.BrokerExtension.Desk;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraCalibration;
import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.CameraId;
import dev.parallax.perception.frame.FrameId;
import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.PinholeCamera;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What Kafka and the transactions add to a frame's way: two cameras with 640x480 JPEGs, through a
 * node whose pipeline answers at once with fields of a 640x480 picture's size. For the record:
 * {@code -Dparallax.latency.hz=30 -Dparallax.latency.frames=1000 -Dparallax.latency.warm-up=600}
 * (frames of each camera).
 */
@ExtendWith(BrokerExtension.class)
@Timeout(180)
class AddedLatencyTest {
  private static final int HZ = Integer.getInteger("parallax.latency.hz", 10);
  private static final int FRAMES = Integer.getInteger("parallax.latency.frames", 40);

  /** Frames of each camera that come before, at once: the JVM has to have seen the code. */
  private static final int WARM_UP = Integer.getInteger("parallax.latency.warm-up", 40);

  /** So often the node and the one that does nothing take turns. */
  private static final int TURNS = 4;

  private static final List<String> CAMERAS = List.of("left", "right");

  /** What is asked of a machine that has nothing else to do. */
  private static final double MOST_ADDED_P50_MS = 10;

  private final KafkaConfig config;

  AddedLatencyTest(Desk desk) {
    config = desk.fresh("added");
  }

  @Test
  void noFrameIsLostAndLittleIsAddedToThatOfAConsumerProducerThatDoesNothing() throws Exception {
    new FramePublisher(config, "latency", 4).close(); // makes the topics
    LatencyProbe probe = new LatencyProbe(config, WARM_UP);
    try (RunningNode node = new RunningNode(config, (c, notices) -> new CannedPipeline(320, 240))) {
      assertThat(node.node().awaitRunning(Duration.ofSeconds(60))).isTrue();
      probe.start(CAMERAS.size() * (WARM_UP + FRAMES));
      publish(probe);
      LatencyProbe.Figures figures = probe.finish(Duration.ofSeconds(60));
      System.out.printf("%d Hz, %d cameras: %s%n", HZ, CAMERAS.size(), figures);
      assertThat(figures.results()).isEqualTo(CAMERAS.size() * (WARM_UP + FRAMES));
      assertThat(node.node().counts().balances()).isTrue();
      // A busy machine is slow for both: ours writes to seven topics where that one writes to one.
      assertThat(figures.addedP50Ms()).isLessThan(MOST_ADDED_P50_MS + 3 * figures.noopP50Ms());
    }
  }

  private void publish(LatencyProbe probe) throws InterruptedException {
    try (FramePublisher toNode = new FramePublisher(config, "latency", 4);
        FramePublisher toPasser = new FramePublisher(probe.passing(), "latency", 4)) {
      Way node = new Way(toNode, probe::sent);
      Way passer = new Way(toPasser, probe::sentToPassing);
      int frame = 0;
      for (; frame < WARM_UP; frame++) {
        node.send(frame);
        passer.send(frame);
      }
      toNode.flush();
      new Committed(config)
          .awaitResults(
              new Topics(config.namespace()), WARM_UP * CAMERAS.size(), Duration.ofSeconds(60));
      // In turns, so that neither has the other's work beside it.
      for (int turn = 0; turn < TURNS; turn++) {
        int end = WARM_UP + FRAMES * (turn + 1) / TURNS;
        node.sendAtRate(frame, end);
        passer.sendAtRate(frame, end);
        frame = end;
      }
    }
  }

  /** The way of all cameras' frames to one that works on them. */
  private record Way(FramePublisher publisher, Sent sent) {
    interface Sent {
      void frame(String camera, long sequence);
    }

    void send(int sequence) {
      for (int camera = 0; camera < CAMERAS.size(); camera++) {
        send(sequence, camera);
      }
    }

    void sendAtRate(int begin, int end) throws InterruptedException {
      long startNs = System.nanoTime();
      for (int i = 0; i < (end - begin) * CAMERAS.size(); i++) {
        // Cameras are not in step.
        long dueNs = startNs + i * 1_000_000_000L / (HZ * CAMERAS.size());
        Thread.sleep(Math.max(0, (dueNs - System.nanoTime()) / 1_000_000));
        send(begin + i / CAMERAS.size(), i % CAMERAS.size());
      }
      publisher.flush();
    }

    private void send(int sequence, int camera) {
      SourceItem.Frame frame = frame(CAMERAS.get(camera), sequence);
      sent.frame(CAMERAS.get(camera), sequence);
      publisher.publish(frame);
    }
  }

  private static final Picture PICTURE = picture();

  private static Picture picture() {
    byte[] grey = new byte[640 * 480];
    Random random = new Random(6);
    for (int i = 0; i < grey.length; i++) {
      grey[i] = (byte) (128 + 60 * Math.sin(i * 0.01) + 12 * random.nextGaussian());
    }
    return new Picture(640, 480, Picture.Format.MONO8, grey);
  }

  private static final byte[] JPEG = new ImageCodec().encodeJpeg(PICTURE, 80);

  private static SourceItem.Frame frame(String camera, int sequence) {
    PinholeCamera model = new PinholeCamera(640, 480, 600, 600, 319.5, 239.5);
    CameraFrame frame =
        new CameraFrame(
            new FrameId(new CameraId(camera), sequence),
            new Timestamp(1_000_000_000L + sequence * 1_000_000_000L / HZ),
            new CameraCalibration(model, CameraCalibration.Origin.GIVEN),
            PICTURE,
            null);
    return new SourceItem.Frame(frame, new EncodedPicture("jpeg", JPEG));
  }
}
