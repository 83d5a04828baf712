package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.frame.OccupancyDelta;
import dev.parallax.perception.pipeline.Notice;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SinkQueueTest {
  @Test
  void liveTheOldestMakesRoomAndIsCountedButNoticesArrive() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    RecordingSink sink = new RecordingSink(gate);
    SinkQueue queue = new SinkQueue(sink, DeliveryMode.LIVE, 2);
    queue.offer(Notice.info("scale: relative"));
    for (int i = 0; i < 20; i++) {
      offer(queue, i);
    }
    gate.countDown();
    queue.close();

    assertThat(sink.outcomes.size() + queue.dropped()).isEqualTo(20);
    assertThat(queue.dropped()).isBetween(17L, 18L); // one may be in the sink's hands
    assertThat(sink.outcomes.get(sink.outcomes.size() - 1).id().sequence()).isEqualTo(19);
    assertThat(sink.notices).hasSize(1);
    assertThat(sink.closed).isTrue();
  }

  @Test
  void losslessTheWriterWaitsForASlowSink() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    RecordingSink sink = new RecordingSink(gate);
    SinkQueue queue = new SinkQueue(sink, DeliveryMode.LOSSLESS, 2);
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < 20; i++) {
                offer(queue, i);
              }
            });
    assertThatThrownBy(() -> writer.get(100, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    gate.countDown();
    writer.get(5, TimeUnit.SECONDS);
    queue.close();
    assertThat(sink.outcomes).hasSize(20);
    assertThat(queue.dropped()).isZero();
  }

  @Test
  void aSinkThatFailsNeitherBlocksTheWriterNorStaysOpen() {
    RecordingSink sink = new RecordingSink();
    sink.failAfter = 3;
    SinkQueue queue = new SinkQueue(sink, DeliveryMode.LOSSLESS, 2);
    for (int i = 0; i < 20; i++) {
      offer(queue, i);
    }
    queue.close();
    assertThat(sink.outcomes).hasSize(3);
    assertThat(queue.failure()).hasMessage("disk full");
    assertThat(sink.closed).isTrue();
  }

  private static void offer(SinkQueue queue, long sequence) {
    SourceItem.Frame frame = TestFrames.frame(sequence);
    try {
      queue.offer(frame, TestFrames.estimated(frame, 2, OccupancyDelta.none(0.05)));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
