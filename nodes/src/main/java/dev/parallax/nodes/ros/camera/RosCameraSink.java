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
  private final FieldTopics fields;
  private final MotionTopics motion;
  private final MapTopics map;
  private final CameraHealth health;
  private final RosPublisher scale;
  private long began;
  private @Nullable String scaleTold;

  /**
   * @param frameId of the pictures
   * @param beginning sequence number of the first frame since the pipeline last began anew
   */
  RosCameraSink(
      RosCameraConfig config,
      RosNode node,
      RosLogTopic log,
      Placement placement,
      CameraHealth health,
      Supplier<String> frameId,
      LongSupplier beginning) {
    this.node = node;
    this.log = log;
    this.frameId = frameId;
    this.beginning = beginning;
    this.placement = placement;
    this.health = health;
    fields = new FieldTopics(node, config);
    motion = new MotionTopics(node, config, placement);
    map = new MapTopics(node, config);
    scale =
        node.advertise(config.result("scale"), RosType.of(Ros1Type.STRING), PublishOptions.latch());
  }

  @Override
  public String name() {
    return "ros";
  }

  MotionTopics motion() {
    return motion;
  }

  MapTopics map() {
    return map;
  }

  long dropped() {
    return fields.dropped();
  }

  @Override
  public void accept(SourceItem item, FrameOutcome outcome) {
    if (beginning.getAsLong() > began && outcome.id().sequence() >= beginning.getAsLong()) {
      began = beginning.getAsLong();
      placement.forgetPose();
      motion.forget();
      map.forget();
    }
    if (outcome instanceof Estimated frame) {
      publish(frame);
    }
    double ageMs = (node.clock().now().nanos() - outcome.stamp().nanos()) / 1e6;
    health.accept(outcome, ageMs);
  }

  private void publish(Estimated frame) {
    RosHeader header = new RosHeader(frame.id().sequence(), frame.stamp(), frameId.get());
    motion.publish(frame.pose(), frame.T_map_odom(), header);
    fields.publish(frame, header);
    Se3 T_odom_start = placement.T_odom_start(header.frameId());
    map.accept(frame.map(), T_odom_start, header, System.nanoTime());
    String label = frame.pose().scale().label();
    if (!label.equals(scaleTold)) {
      scaleTold = label;
      scale.publish(new RosText(label));
    }
  }

  @Override
  public void accept(Notice notice) {
    log.accept(notice);
  }

  @Override
  public void close() {
    fields.close();
    motion.close();
    map.close();
    scale.close();
  }
}
