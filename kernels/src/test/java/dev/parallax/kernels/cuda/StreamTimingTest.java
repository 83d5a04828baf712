package dev.parallax.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A GPU works when it likes: at once, or not before somebody waits for it. Whatever the timing of a
 * session's stream, and of another session's beside it, answers are the same to the bit.
 */
class StreamTimingTest {
  private static String digests(Map<String, String> environment) throws Exception {
    try (ChildProcess child =
        new ChildProcess(AnswerDigests.class, ShimDriver.build().getParent(), environment)) {
      return child.said();
    }
  }

  @Test
  void workDoneAtOnceAndWorkDoneAsLateAsMayBeAnswerTheSame() throws Exception {
    String atOnce = digests(Map.of());
    String late = digests(Map.of("PARALLAX_SHIM_LATE", "1"));
    String uploadsAheadAtOnce = digests(Map.of("PARALLAX_SHIM_LATE", "alternate"));

    assertThat(atOnce.lines().count()).isGreaterThan(2 * ParityCases.all().size());
    assertThat(late).isEqualTo(atOnce);
    assertThat(uploadsAheadAtOnce).isEqualTo(atOnce);
  }
}
