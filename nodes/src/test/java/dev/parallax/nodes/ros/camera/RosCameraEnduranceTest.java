package dev.parallax.nodes.ros.camera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosImage;
import dev.parallax.nodes.ros.OpenLinks;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosMaster;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.ros.SubscribeOptions;
import dev.parallax.nodes.ros.tcpros.TcpRosNode;
import dev.parallax.nodes.source.AssumedCamera;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.Timestamp;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An hour's worth of frames at 30 Hz, as fast as they go: small ones, from one node's publisher
 * over TCPROS to another's camera, which decodes each. Now and then somebody else comes to listen
 * and leaves. Neither heap nor sockets nor threads may grow.
 */
@Timeout(180)
class RosCameraEnduranceTest {
  private static final int FRAMES = 60 * 60 * 30;
  private static final int VISIT_EVERY = 2000;
  private static final int WIDTH = 16;
  private static final int HEIGHT = 12;

  /** From the first quarter to the end: less than a small object a frame. */
  private static final long GROWTH_BYTES = FRAMES * 3L / 4 * 16;

  @Test
  void anHoursFramesLeaveNothingBehind(@TempDir Path home) throws Exception {
    try (RosMaster master = RosMaster.start(home)) {
      OpenLinks before = OpenLinks.now();
      try (RosNode driver = connect(master, "driver");
          RosNode node = connect(master, "camera_node");
          RosPublisher publisher =
              driver.advertise(
                  "/small/image", RosType.of(Ros1Type.IMAGE), PublishOptions.queue(4));
          RosCameraSource source =
              new RosCameraSource(
                  config(),
                  node,
                  new PauseControl(),
                  (parent, child) -> Optional.empty(),
                  sequence -> {})) {
        RosMaster.await("the camera listens", () -> publisher.subscribers() == 1);
        long heapEarly = 0;
        OpenLinks early = OpenLinks.now();
        for (int i = 0; i < FRAMES; i++) {
          if (i == FRAMES / 4) {
            heapEarly = usedHeapBytes();
          }
          if (i % VISIT_EVERY == 0) {
            visit(driver);
          }
          publisher.publish(image(i));
          SourceItem item = source.next(); // waits, and would for ever if one was dropped
          assertThat(item).isInstanceOf(SourceItem.Frame.class);
        }
        long grownBytes = usedHeapBytes() - heapEarly;
        System.out.printf("heap after %d frames: %+d bytes%n", FRAMES, grownBytes);
        assertThat(grownBytes).isLessThan(GROWTH_BYTES);
        early.awaitReturn();
      }
      before.awaitReturn();
    }
  }

  private static RosNode connect(RosMaster master, String name) {
    return TcpRosNode.connect(master.config(name), line -> {});
  }

  /** A subscriber that comes, links and leaves. */
  private static void visit(RosNode driver) {
    try (var visitor =
        driver.subscribe(
            "/small/image",
            RosType.of(Ros1Type.IMAGE),
            SubscribeOptions.defaults(),
            delivery -> {})) {
      RosMaster.await("the visitor is linked", () -> visitor.publishers() == 1);
    }
  }

  private static RosImage image(int i) {
    RosHeader header = new RosHeader(i, new Timestamp(1 + i * 33_333_333L), "camera");
    return new RosImage(header, HEIGHT, WIDTH, "mono8", false, WIDTH, new byte[WIDTH * HEIGHT]);
  }

  private static RosCameraConfig config() {
    return new RosCameraConfig(
        "small",
        "/parallax",
        "/small/image",
        null,
        null,
        null,
        null,
        1000,
        AssumedCamera.of(WIDTH, HEIGHT),
        RosCameraConfig.Frames.defaults(),
        Path.of("map"));
  }

  private static long usedHeapBytes() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
