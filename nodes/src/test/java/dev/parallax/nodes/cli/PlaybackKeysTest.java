package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.runtime.PlaybackControl;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PlaybackKeysTest {
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final PlaybackControl control = new PlaybackControl(1, false, System::nanoTime);

  @Test
  void spacePausesPlusAndMinusChangeTheRateAndOtherKeysDoNothing() throws Exception {
    press("+x- ", 3);
    assertThat(control.state().paused()).isTrue();
    assertThat(told)
        .containsExactly(
            "playing at 1.25 times the recording's speed",
            "playing at 1.00 times the recording's speed",
            "paused; space resumes, s steps");
  }

  @Test
  void sStepsAndPauses() throws Exception {
    press("s", 1);
    assertThat(control.state().paused()).isTrue();
  }

  @Test
  void aProcessInTheBackgroundReadsNothing() throws Exception {
    AtomicBoolean foreground = new AtomicBoolean();
    try (PlaybackKeys keys = new PlaybackKeys(input(" "), foreground::get, control, told::add)) {
      Thread.sleep(200);
      assertThat(told).isEmpty();
      foreground.set(true);
      await(1);
    }
  }

  private void press(String text, int answers) throws InterruptedException {
    try (PlaybackKeys keys = new PlaybackKeys(input(text), () -> true, control, told::add)) {
      await(answers);
    }
  }

  private void await(int answers) throws InterruptedException {
    while (told.size() < answers) {
      Thread.sleep(5);
    }
  }

  private static ByteArrayInputStream input(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }
}
