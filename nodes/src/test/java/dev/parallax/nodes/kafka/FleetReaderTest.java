package dev.parallax.nodes.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.nodes.fleet.CameraCard;
import dev.parallax.nodes.fleet.FleetBoard;
import dev.parallax.nodes.fleet.FleetConfig;
import dev.parallax.nodes.fleet.ShadowFigures;
import dev.parallax.nodes.kafka.BrokerExtension.Desk;
import dev.parallax.nodes.runtime.TestFrames;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.CameraFrame;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two groups of nodes on the same frames, seen from outside. */
@ExtendWith(BrokerExtension.class)
@Timeout(120)
class FleetReaderTest {
  private static final int FRAMES = 30;

  private final KafkaConfig config;
  private final KafkaConfig shadow;

  FleetReaderTest(Desk desk) {
    config = desk.fresh("first");
    shadow = config.withNamespace(config.namespace() + "-shadow");
  }

  @Test
  void bothGroupsAndTheirDifferencesAreSeenWithoutTakingAnythingFromThem() throws Exception {
    FleetConfig fleet =
        new FleetConfig(config.bootstrapServers(), List.of(config.namespace()), shadow.namespace());
    FleetBoard board = new FleetBoard(fleet, System::nanoTime);
    FleetReader reader = new FleetReader(config, fleet, board);
    Thread thread = new Thread(reader::run, "fleet");
    thread.start();
    await(board, view -> view.trouble() != null && view.trouble().contains(config.namespace()));
    publish();
    try (RunningNode first = new RunningNode(config, (c, n) -> new CannedPipeline(80, 60));
        RunningNode second =
            new RunningNode(shadow, (c, n) -> new CannedPipeline(80, 60, 0.02, 1.25))) {
      await(board, view -> view.shadows().stream().mapToLong(ShadowFigures::frames).sum() == 60);
      assertThat(first.node().counts().committed()).isEqualTo(2L * FRAMES);
      assertThat(second.node().counts().committed()).isEqualTo(2L * FRAMES);
    } finally {
      reader.stop();
      thread.join(10_000);
    }
    assertThat(thread.isAlive()).isFalse();
    FleetBoard.View view = board.view();
    assertThat(view.trouble()).isNull();
    assertThat(view.unreadable()).isZero();
    assertThat(view.cameras()).hasSize(4).allMatch(CameraCard::hasDepth);
    assertThat(view.cameras())
        .allSatisfy(card -> assertThat(card.outcomes()).containsEntry("PUBLISHED", (long) FRAMES));
    assertThat(view.shadows())
        .hasSize(2)
        .allSatisfy(
            figures -> {
              assertThat(figures.scaleRatio()).isCloseTo(0.5, within(1e-6));
              assertThat(figures.depthRatio()).isCloseTo(0.8, within(1e-4));
              assertThat(figures.depthDisagreement()).isCloseTo(0, within(1e-3));
              assertThat(figures.taePercent()).isBetween(0.1, 1.0);
              assertThat(figures.nodeMs()).isPositive();
            });
  }

  private void publish() {
    try (FramePublisher publisher = new FramePublisher(config, "s", 2)) {
      for (int i = 0; i < FRAMES; i++) {
        for (String camera : List.of("left", "right")) {
          CameraFrame f = TestFrames.frame(i).frame();
          publisher.publish(new SourceItem.Frame(TestFrames.from(camera, f)));
        }
      }
      publisher.flush();
    }
  }

  private static void await(FleetBoard board, Predicate<FleetBoard.View> expected)
      throws InterruptedException {
    long deadlineNs = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!expected.test(board.view())) {
      assertThat(System.nanoTime()).as(() -> board.view().toString()).isLessThan(deadlineNs);
      Thread.sleep(100);
    }
  }
}
