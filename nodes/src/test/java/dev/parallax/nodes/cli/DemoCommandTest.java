package dev.parallax.nodes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.frame.CameraFrame;
import dev.parallax.perception.frame.TrackingState;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.PerceptionPipeline;
import dev.parallax.perception.pipeline.StageTimings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DemoCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void endsByItselfWithEveryFrameAccountedForAndSaysWhatCouldNotBeJudged() {
    int status = run("--frames", "4", "--fps", "20", "--port", "0");
    assertThat(err.toString()).contains("dashboard: http://127.0.0.1:");
    assertThat(out.toString()).contains("4 in =").contains("the run left no poses");
    assertThat(status).isEqualTo(ExitStatus.OK);
  }

  @Test
  void aTakenPortIsOneLineWithTheRemedy() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int status = run("--frames", "4", "--port", String.valueOf(taken.getLocalPort()));
      assertThat(status).isEqualTo(ExitStatus.FAILED);
      assertThat(err.toString().strip()).contains("is taken", "--port").doesNotContain("\n");
    }
  }

  @Test
  void aRateThatNoCameraHasIsRefused() {
    assertThat(run("--fps", "0")).isEqualTo(ExitStatus.USAGE);
    assertThat(err.toString()).contains("--fps");
  }

  private int run(String... arguments) {
    return new CommandLine(new DemoCommand((config, notices) -> new AlwaysLost()))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setExecutionExceptionHandler(new FailureReport())
        .execute(arguments);
  }

  /** Estimates nothing, quickly: what the pipeline finds is not this command's affair. */
  private static final class AlwaysLost implements PerceptionPipeline {
    @Override
    public FrameOutcome process(CameraFrame frame) {
      return new FrameOutcome.Lost(
          frame.id(), frame.stamp(), TrackingState.LOST, "test", StageTimings.none());
    }

    @Override
    public void close() {}
  }
}
