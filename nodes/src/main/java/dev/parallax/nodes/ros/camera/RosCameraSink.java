package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosText;
import dev.parallax.nodes.ros.PublishOptions;
import dev.parallax.nodes.ros.RosNode;
import dev.parallax.nodes.ros.RosPublisher;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.runtime.OutcomeSink;
import dev.parallax.nodes.source.SourceItem;
import dev.parallax.perception.geometry.Se3;
import dev.parallax.perception.pipeline.FrameOutcome;
import dev.parallax.perception.pipeline.FrameOutcome.Estimated;
import dev.parallax.perception.pipeline.Notice;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Publishes every outcome of one camera. */
final class RosCameraSink implements OutcomeSink {
  private final RosNode node;
  private final RosLogTopic log;
  private final Supplier<String> frameId;
  private final LongSupplier beginning;
  private final Placement placement;
  private final CameraHealth health;
  private final RosPublisher scale;
  private final RosCameraConfig config;
  private volatile LengthTopics lengths;
  private volatile long droppedBefore;
  private long began;
  private @Nullable String scaleTold;
  private volatile Se3 T_map_start = Se3.identity();

  /**
   * @param metric whether lengths are expected to be in metres
   * @param frameId of the pictures
   * @param beginning sequence number of the first frame since the pipeline last began anew
   */
  RosCameraSink(
      RosCameraConfig config,
      boolean metric,
      RosNode node,
      RosLogTopic log,
      Placement placement,
      CameraHealth health,
      Supplier<String> frameId,
      LongSupplier beginning) {
    this.config = config;
    this.node = node;
    this.log = log;
    this.frameId = frameId;
    this.beginning = beginning;
    this.placement = placement;
    this.health = health;
    lengths = new LengthTopics(node, config, placement, metric);
    scale =
        node.advertise(config.result("scale"), RosType.of(Ros1Type.STRING), PublishOptions.latch());
  }

  @Override
  public String name() {
    return "ros";
  }

  /** What is published in the unit of length at present. Any thread. */
  LengthTopics lengths() {
    return lengths;
  }

  /**
   * Writes the map. Any thread.
   *
   * @return the folder
   * @throws dev.parallax.nodes.ros.RosException if there is none yet or it cannot be written
   */
  Path saveMap() {
    return lengths.map().save(() -> placement.T_robotMap_start(frameId.get(), T_map_start));
  }

  /** Messages that slow subscribers did not get. Any thread. */
  long dropped() {
    return droppedBefore + lengths.fields().dropped();
  }

  @Override
  public void accept(SourceItem item, FrameOutcome outcome) {
    if (beginning.getAsLong() > began && outcome.id().sequence() >= beginning.getAsLong()) {
      began = beginning.getAsLong();
      placement.forgetPose();
      lengths.motion().forget();
      lengths.map().forget();
    }
    if (outcome instanceof Estimated frame) {
      publish(frame);
    }
    double ageMs = (node.clock().now().nanos() - outcome.stamp().nanos()) / 1e6;
    health.accept(outcome, ageMs);
  }

  private void publish(Estimated frame) {
    if (frame.pose().scale().isMetric() != lengths.isMetric()) {
      changeUnit();
    }
    RosHeader header = new RosHeader(frame.id().sequence(), frame.stamp(), frameId.get());
    T_map_start = frame.T_map_odom();
    lengths.motion().publish(frame.pose(), frame.T_map_odom(), header);
    lengths.fields().publish(frame, header);
    Se3 T_odom_start = placement.T_odom_start(header.frameId());
    lengths.map().accept(frame.map(), T_odom_start, header, System.nanoTime());
    String label = frame.pose().scale().label();
    if (!label.equals(scaleTold)) {
      scaleTold = label;
      scale.publish(new RosText(label));
    }
  }

  /** Announces what comes before what goes, so that nobody's link to {@code /tf} is cut. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // written by the sink's thread alone
  private void changeUnit() {
    LengthTopics ended = lengths;
    lengths = new LengthTopics(node, config, placement, !ended.isMetric());
    droppedBefore += ended.fields().dropped();
    ended.close();
    log.accept(
        lengths.isMetric()
            ? Notice.info("lengths are in metres now, under " + config.namespace())
            : Notice.warning(
                "lengths are in an arbitrary unit: they come under %s, in frame %s"
                    .formatted(config.result("relative"), lengths.frames().odom())));
  }

  @Override
  public void accept(Notice notice) {
    log.accept(notice);
  }

  @Override
  public void close() {
    lengths.close();
    scale.close();
  }
}
