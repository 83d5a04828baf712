package dev.parallax.nodes.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.web.DashboardMessage.Kind;
import dev.parallax.nodes.web.DashboardMessage.Section;
import dev.parallax.perception.frame.MovingMask;
import dev.parallax.perception.frame.ScaleSource;
import dev.parallax.perception.pipeline.FrameOutcome;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DashboardFeedTest {
  private final SyntheticDrive drive = new SyntheticDrive(32, 24, ScaleSource.RELATIVE);
  private final DashboardSink sink = new DashboardSink("test", System::nanoTime);
  private final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() {
    sink.feed().start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    sink.feed().stop();
  }

  @Test
  void aBrowserWhoseWriteIsNotDoneIsSentNothingMore() throws Exception {
    CompletableFuture<Void> write = new CompletableFuture<>();
    give(0);
    sink.feed().attach(message -> record(message, write));
    assertThat(frameOf(take())).isZero();
    for (int i = 1; i <= 200; i++) {
      give(i);
    }
    assertThat(sent.poll(300, TimeUnit.MILLISECONDS)).isNull();

    write.complete(null);
    byte[] next = take();
    assertThat(frameOf(next)).as("the newest, not the oldest").isEqualTo(200);
    assertThat(notSentOf(next)).isEqualTo(199);
  }

  @Test
  void aBrowserThatDrawsNothingIsSentAtMostTwoMessages() throws Exception {
    CompletableFuture<Void> written = CompletableFuture.completedFuture(null);
    Viewer viewer = sink.feed().attach(message -> record(message, written));
    take();
    give(1);
    take();
    for (int i = 2; i <= 50; i++) {
      give(i);
    }
    assertThat(sent.poll(700, TimeUnit.MILLISECONDS)).isNull();

    viewer.acknowledge();
    assertThat(frameOf(take())).isEqualTo(50);
  }

  @Test
  void oneSlowBrowserHoldsUpNoOther() throws Exception {
    CompletableFuture<Void> never = new CompletableFuture<>();
    sink.feed().attach(message -> never);
    CompletableFuture<Void> written = CompletableFuture.completedFuture(null);
    Viewer quick = sink.feed().attach(message -> record(message, written));
    for (int i = 0; i < 20; i++) {
      give(i);
      take();
      quick.acknowledge();
    }
  }

  @Test
  void aLateBrowserGetsThePathWholeAndThenOnlyWhatIsNew() throws Exception {
    for (int i = 0; i < 30; i++) {
      give(i);
    }
    CompletableFuture<Void> written = CompletableFuture.completedFuture(null);
    Viewer viewer = sink.feed().attach(message -> record(message, written));
    ByteBuffer whole = section(take(), Kind.PATH);
    assertThat(whole.getInt(0)).isZero();
    assertThat(whole.getInt(4)).isEqualTo(30);

    viewer.acknowledge();
    give(30);
    ByteBuffer piece = section(take(), Kind.PATH);
    assertThat(piece.getInt(0)).isEqualTo(30);
    assertThat(piece.getInt(4)).isEqualTo(1);
  }

  @Test
  void framesAreEncodedOnlyWhileSomebodyWatchesAndOneThatCannotBeIsTold() throws Exception {
    FrameOutcome.Estimated good = drive.estimated(0);
    FrameOutcome.Estimated bad =
        new FrameOutcome.Estimated(
            good.id(),
            good.stamp(),
            good.camera(),
            good.depthCamera(),
            good.rectified(),
            good.pose(),
            good.depth(),
            good.sceneFlow(),
            new MovingMask(1, 1, new byte[1]),
            good.map(),
            good.timings());
    sink.accept(drive.item(0), bad);
    Thread.sleep(200);
    assertThat(sink.feed().status().notices()).as("nobody watches").isEmpty();

    CompletableFuture<Void> written = CompletableFuture.completedFuture(null);
    sink.feed().attach(message -> record(message, written));
    for (int i = 0; i < 100 && sink.feed().status().notices().isEmpty(); i++) {
      Thread.sleep(20);
    }
    assertThat(sink.feed().status().notices())
        .anySatisfy(told -> assertThat(told.message()).contains("could not be shown"));

    give(1);
    assertThat(frameOf(take())).as("the feed goes on").isEqualTo(1);
  }

  @Test
  void aLostFrameShowsItsPictureAndNoOldDepth() throws Exception {
    sink.accept(drive.item(0), drive.lost(0, "too dark"));
    CompletableFuture<Void> written = CompletableFuture.completedFuture(null);
    sink.feed().attach(message -> record(message, written));
    List<Section> sections = DashboardMessage.decode(take());
    assertThat(sections).extracting(Section::kind).contains(Kind.PICTURE);
    assertThat(sections).extracting(Section::kind).doesNotContain(Kind.DEPTH, Kind.MOTION);
    assertThat(sink.feed().status().trouble()).isEqualTo("too dark");
    assertThat(sink.feed().status().state()).isEqualTo("LOST");
  }

  @Test
  void framesThatNeverCameHereCountAsDropped() {
    give(0);
    give(4);
    DashboardStatus.Frames frames = sink.feed().status().frames();
    assertThat(frames.in()).isEqualTo(5);
    assertThat(frames.published()).isEqualTo(2);
    assertThat(frames.dropped()).isEqualTo(3);
  }

  private void give(int sequence) {
    sink.accept(drive.item(sequence), drive.estimated(sequence));
  }

  private CompletableFuture<Void> record(byte[] message, CompletableFuture<Void> write) {
    sent.add(message);
    return write;
  }

  private byte[] take() throws InterruptedException {
    byte[] message = sent.poll(5, TimeUnit.SECONDS);
    assertThat(message).as("a message within five seconds").isNotNull();
    return message;
  }

  private static ByteBuffer section(byte[] message, Kind kind) {
    byte[] body =
        DashboardMessage.decode(message).stream()
            .filter(section -> section.kind() == kind)
            .findFirst()
            .orElseThrow()
            .body();
    return ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long frameOf(byte[] message) {
    return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
  }

  private static long notSentOf(byte[] message) {
    return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(16);
  }
}
