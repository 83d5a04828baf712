package dev.parallax.nodes.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.parallax.nodes.source.FrameSource;
import dev.parallax.nodes.source.SourceItem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PlaybackControlTest {
  /** Long enough that a frame that is let through has come. */
  private static final long SOON_MS = 5_000;

  /** Long enough that a frame that is not held back would have come. */
  private static final long A_WHILE_MS = 200;

  private static final double UNLIMITED = PlaybackControl.AS_FAST_AS_POSSIBLE;

  private final LinkedBlockingQueue<Long> delivered = new LinkedBlockingQueue<>();

  @Test
  void framesComeAtTheRateAskedFor() throws Exception {
    long startNs = System.nanoTime();
    play(6, new PlaybackControl(5, false, System::nanoTime)); // 10 Hz five times as fast
    for (int i = 0; i < 6; i++) {
      next();
    }
    assertThat((System.nanoTime() - startNs) / 1e9).isBetween(0.095, 2.0);
  }

  @Test
  void nothingComesWhilePausedAndAStepIsOneFrame() throws Exception {
    PlaybackControl control = new PlaybackControl(UNLIMITED, true, System::nanoTime);
    play(5, control);
    assertNoneComes();
    control.step();
    assertThat(next()).isZero();
    assertNoneComes();
    control.step();
    control.step();
    assertThat(List.of(next(), next())).containsExactly(1L, 2L);
    assertNoneComes();
    control.resume();
    assertThat(List.of(next(), next())).containsExactly(3L, 4L);
  }

  @Test
  void aStepWhilePlayingPauses() {
    PlaybackControl control = new PlaybackControl(1, false, System::nanoTime);
    control.step();
    assertThat(control.state().paused()).isTrue();
    control.togglePause();
    assertThat(control.state().paused()).isFalse();
  }

  @Test
  void timeStandsStillWhilePaused() throws Exception {
    long[] nowNs = {0};
    PlaybackControl control = new PlaybackControl(1, false, () -> nowNs[0]);
    control.awaitDue(0);
    control.pause();
    nowNs[0] = 60_000_000_000L; // a minute's break
    control.resume();
    List<Long> due = new ArrayList<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                control.awaitDue(100_000_000L);
                due.add(1L);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    waiting.start();
    waiting.join(50);
    assertThat(due).isEmpty(); // still a tenth of a second to go by the clock, which stands
    nowNs[0] += 100_000_000L;
    waiting.join();
    assertThat(due).hasSize(1);
  }

  @Test
  void theRateCanBeChangedWhileAFrameIsAwaited() throws Exception {
    PlaybackControl control = new PlaybackControl(0.01, false, System::nanoTime);
    play(2, control);
    assertThat(next()).isZero();
    assertNoneComes(); // due in ten seconds
    control.setRate(100);
    assertThat(next()).isEqualTo(1);
  }

  @Test
  void fasterAndSlowerAreStepsAndTheFirstStepDownFromUnlimitedIsTheRecordingsSpeed() {
    PlaybackControl control = new PlaybackControl(UNLIMITED, false, System::nanoTime);
    control.faster();
    assertThat(control.state().rate()).isInfinite();
    control.slower();
    assertThat(control.state().rate()).isEqualTo(1);
    control.slower();
    assertThat(control.state().rate()).isEqualTo(0.8);
    control.faster();
    assertThat(control.state().rate()).isCloseTo(1, offset(1e-12));
    control.setRate(1e-9);
    assertThat(control.state().rate()).isEqualTo(0.01);
    assertThatThrownBy(() -> control.setRate(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPausedRunCanBeReleased() throws Exception {
    PlaybackControl control = new PlaybackControl(1, true, System::nanoTime);
    play(3, control);
    assertNoneComes();
    control.release();
    assertThat(List.of(next(), next(), next())).containsExactly(0L, 1L, 2L);
  }

  private void play(int frames, PlaybackControl control) {
    List<SourceItem> items = new ArrayList<>();
    for (int i = 0; i < frames; i++) {
      items.add(TestFrames.frame(i));
    }
    FrameSource source = new PacedSource(TestFrames.source(items), control);
    Thread reader =
        new Thread(
            () -> {
              for (SourceItem item = source.next(); item != null; item = source.next()) {
                delivered.add(item.id().sequence());
              }
            });
    reader.setDaemon(true);
    reader.start();
  }

  private Long next() throws InterruptedException {
    Long sequence = delivered.poll(SOON_MS, TimeUnit.MILLISECONDS);
    assertThat(sequence).isNotNull();
    return sequence;
  }

  private void assertNoneComes() throws InterruptedException {
    assertThat(delivered.poll(A_WHILE_MS, TimeUnit.MILLISECONDS)).isNull();
  }
}
