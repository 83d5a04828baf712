package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.MessageDecoder;
import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosSpeed;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.source.SpeedLog;
import dev.parallax.perception.frame.DrivenWay;
import dev.parallax.perception.frame.Timestamp;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The speeds of a topic as they come, of which a picture takes the way that they add up to. No
 * picture waits for one: the last speed is carried on for a moment. Any thread.
 */
final class SpeedInbox extends SensorInbox {
  /** Half a minute at 200 a second; older ones are of no picture still to come. */
  private static final int KEPT = 6000;

  private final Supplier<Timestamp> now;
  private SpeedLog log = new SpeedLog(KEPT);

  /**
   * @param now the graph's time, for messages without a stamp
   */
  SpeedInbox(String topic, Supplier<Timestamp> now) {
    super(topic);
    this.now = now;
  }

  @Override
  RosType type() {
    return RosType.ANY;
  }

  @Override
  synchronized void take(RosDelivery delivery) throws MessageFormatException {
    RosSpeed speed =
        new MessageDecoder(MessageDecoder.ROS1, delivery.type(), topic()).speed(delivery.message());
    Timestamp stamp = speed.stamp();
    log.add(stamp == null ? now.get() : stamp, speed.speedMps(), speed.stdMps());
  }

  @Override
  String described(MessageFormatException e) {
    return "speed could not be used: %s; --speed wants %s, %s or %s"
        .formatted(
            e.getMessage(),
            Ros1Type.ODOMETRY.typeName(),
            Ros1Type.TWIST_STAMPED.typeName(),
            Ros1Type.TWIST.typeName());
  }

  /** The way up to a picture; null where no speed is near. */
  synchronized @Nullable DrivenWay at(Timestamp stamp) {
    return log.at(stamp);
  }

  @Override
  synchronized void forget() {
    log = new SpeedLog(KEPT);
  }
}
