package dev.parallax.nodes.cli;

import dev.parallax.nodes.runtime.PipelineRunner;
import java.time.Duration;

/**
 * On Ctrl-C or SIGTERM, stops a run and holds the JVM until what is under way is written, so that
 * the results are whole. Off again once closed.
 */
final class StopOnInterrupt implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final PipelineRunner runner;
  private final Runnable release;
  private final Thread hook = new Thread(this::stop, "stop");

  /**
   * @param release lets go a source that waits for its next frame
   */
  StopOnInterrupt(PipelineRunner runner, Runnable release) {
    this.runner = runner;
    this.release = release;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is already going down: the hook is running and ends by itself.
    }
  }

  private void stop() {
    runner.stop();
    release.run();
    try {
      if (!runner.awaitEnd(PATIENCE)) {
        System.err.println("parallax: gave up waiting for the results to be finished");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
