package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private static final long SECOND_NS = 1_000_000_000L;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final AtomicLong nowNs = new AtomicLong(7 * SECOND_NS);

  @Test
  void aTerminalSeesABarThatRedrawsWithRateAndTimeLeft() {
    try (ProgressBar bar = bar(OptionalLong.of(100), true)) {
      nowNs.addAndGet(5 * SECOND_NS);
      bar.update(50);
      assertThat(printed())
          .startsWith("\r")
          .contains("[============>           ]   50 %")
          .contains("50/100 frames")
          .contains("10.0/s")
          .contains("0:05 left")
          .doesNotContain("\n");
    }
    assertThat(printed()).endsWith("50/100 frames  10.0/s  in 0:05\n");
  }

  @Test
  void aLogFileGetsALineNowAndThenWithoutControlCharacters() {
    try (ProgressBar bar = bar(OptionalLong.of(1000), false)) {
      for (int frame = 1; frame <= 1000; frame++) {
        nowNs.addAndGet(SECOND_NS / 100);
        bar.update(frame);
      }
    }
    assertThat(printed()).doesNotContain("\r").doesNotContain("\u001b");
    assertThat(printed().lines()).hasSize(3).last().asString().contains("1000/1000", "in 0:10");
  }

  @Test
  void anUnknownTotalShowsTheCountAndTheRateOnly() {
    try (ProgressBar bar = bar(OptionalLong.empty(), false)) {
      nowNs.addAndGet(10 * SECOND_NS);
      bar.update(40);
    }
    assertThat(printed()).contains("40 frames  4.0/s").doesNotContain("%").doesNotContain("left");
  }

  @Test
  void aMessageDoesNotTearTheBar() {
    try (ProgressBar bar = bar(OptionalLong.of(10), true)) {
      nowNs.addAndGet(SECOND_NS);
      bar.update(1);
      bar.println("scale: relative");
    }
    assertThat(printed()).contains("\r\u001b[Kscale: relative\n");
  }

  private ProgressBar bar(OptionalLong total, boolean terminal) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new ProgressBar("replay", "frames", total, out, terminal, nowNs::get);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
