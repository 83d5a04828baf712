package dev.parallax.nodes.cli;

import dev.parallax.nodes.codec.RosDiagnostics;
import dev.parallax.nodes.ros.camera.FollowingSink;
import dev.parallax.nodes.ros.camera.RosCamera;
import dev.parallax.nodes.runtime.DeliveryMode;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.runtime.PipelineRunner;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One camera's session: its own runner on its own thread, so that a slow one slows no other. */
final class CameraRun implements AutoCloseable {
  private final RosCamera camera;
  private final Dashboard dashboard;
  private final PipelineRunner runner;
  private final Thread thread;
  private final long startNs = System.nanoTime();
  private volatile PipelineRunner.@Nullable Result result;
  private volatile @Nullable RuntimeException failure;

  /** How a camera's session ended. */
  record Ended(String summary, boolean balanced, List<RuntimeException> failures) {}

  /**
   * @param further sinks of the results beside ROS and the page
   * @param webPort null for the default or the next free one, 0 for no page
   */
  CameraRun(
      RosCamera camera, List<OutcomeSink> further, @Nullable Integer webPort, PrintWriter err) {
    this.camera = camera;
    Integer port = webPort == null ? (Integer) Dashboard.ANY_PORT : webPort == 0 ? null : webPort;
    dashboard = Dashboard.startIf(port, camera.source().name());
    List<OutcomeSink> sinks = new ArrayList<>();
    dashboard.addTo(sinks, err);
    sinks.addAll(further);
    sinks.replaceAll(sink -> new FollowingSink(sink, camera::beginning));
    sinks.add(camera.sink());
    sinks.add(
        new ConsoleSink(
            ProgressBar.onStandardError(camera.name(), "frames", camera.source().frameCount())));
    runner = new PipelineRunner(camera.source(), camera::pipeline, sinks, DeliveryMode.LIVE);
    thread = new Thread(this::run, "camera-" + camera.name());
  }

  RosCamera camera() {
    return camera;
  }

  /** How the camera does at present. Any thread. */
  RosDiagnostics.Status status() {
    return camera.status(runner.ledger().counts());
  }

  void start() {
    thread.start();
  }

  /** Asks to end. Any thread. */
  void stop() {
    runner.stop();
    camera.release();
  }

  private void run() {
    try {
      result = runner.run();
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  /** Waits for the end. */
  Ended await() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
        stop();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    double elapsedS = (System.nanoTime() - startNs) / 1e9;
    PipelineRunner.Result ended = result;
    RuntimeException broken = failure;
    if (ended == null) {
      return new Ended("", false, broken == null ? List.of() : List.of(broken));
    }
    String summary =
        RunSummary.text(ended.counts(), runner.ledger().latencies().values(), elapsedS);
    return new Ended(summary, ended.counts().inFlight() == 0, ended.failures());
  }

  @Override
  public void close() {
    stop();
    Ended unused = await();
    camera.close();
    dashboard.close();
  }
}
