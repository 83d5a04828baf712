package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosDiagnostics;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosType;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** {@code /diagnostics}, once a second. */
public final class DiagnosticsTopic implements AutoCloseable {
  private final RosNode node;
  private final RosPublisher publisher;
  private final Supplier<List<RosDiagnostics.Status>> statuses;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "ros-diagnostics");
            thread.setDaemon(true);
            return thread;
          });
  private long count;

  /**
   * @param statuses asked once a second, on a thread of this topic
   */
  public DiagnosticsTopic(RosNode node, Supplier<List<RosDiagnostics.Status>> statuses) {
    this.node = node;
    this.statuses = statuses;
    publisher =
        node.advertise(
            "/diagnostics", RosType.of(Ros1Type.DIAGNOSTIC_ARRAY), PublishOptions.queue(10));
    var unused = timer.scheduleAtFixedRate(this::publish, 1, 1, TimeUnit.SECONDS);
  }

  private void publish() {
    RosHeader header = new RosHeader(count++, node.clock().now(), "");
    publisher.publish(new RosDiagnostics(header, statuses.get()));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    publisher.close();
  }
}
