package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosLog;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.perception.pipeline.Notice;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** {@code /rosout}: what a person should know. Any thread. */
public final class RosLogTopic implements AutoCloseable {
  /** As roscpp's own: lines told before the log's reader has come wait for it. */
  private static final int QUEUE = 100;

  private final RosNode node;
  private final RosPublisher publisher;
  private final AtomicLong count = new AtomicLong();

  public RosLogTopic(RosNode node) {
    this.node = node;
    publisher =
        node.advertise("/rosout", RosType.of(Ros1Type.LOG), new PublishOptions(true, QUEUE));
  }

  void accept(Notice notice) {
    boolean warns = notice.severity() == Notice.Severity.WARNING;
    write(warns ? RosLog.Level.WARN : RosLog.Level.INFO, notice.message());
  }

  /** Writes one line. */
  public void write(RosLog.Level level, String message) {
    RosHeader header = new RosHeader(count.getAndIncrement(), node.clock().now(), "");
    publisher.publish(new RosLog(header, level, node.name(), message, List.of()));
  }

  @Override
  public void close() {
    publisher.close();
  }
}
