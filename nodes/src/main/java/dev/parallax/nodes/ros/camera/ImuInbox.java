package dev.parallax.nodes.ros.camera;

import dev.parallax.nodes.codec.MessageDecoder;
import dev.parallax.nodes.codec.MessageFormatException;
import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosImu;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.nodes.ros.RosType;
import dev.parallax.nodes.source.InertialLog;
import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The readings of an IMU's topic as they come, of which a picture takes the last seconds. No
 * picture waits for one: the last reading is carried on for a moment. Any thread.
 */
final class ImuInbox extends SensorInbox {
  /** A quarter of a minute at 400 a second; older ones are of no picture still to come. */
  private static final int KEPT = 6000;

  private final @Nullable Se3 given;
  private final BiFunction<String, String, Optional<Se3>> transforms;
  private final Supplier<Timestamp> now;
  private InertialLog log = new InertialLog(KEPT);
  private String frame = "";
  private @Nullable Se3 T_cam_imu;

  /**
   * @param given where the sensor sits, over what transforms tell; null to use those
   * @param transforms T_target_source of two frames, where the graph tells it
   * @param now the graph's time, for messages without a stamp
   */
  ImuInbox(
      String topic,
      @Nullable Se3 given,
      BiFunction<String, String, Optional<Se3>> transforms,
      Supplier<Timestamp> now) {
    super(topic);
    this.given = given;
    this.transforms = transforms;
    this.now = now;
    T_cam_imu = given;
  }

  @Override
  RosType type() {
    return RosType.of(Ros1Type.IMU);
  }

  @Override
  synchronized void take(RosDelivery delivery) throws MessageFormatException {
    RosImu imu =
        new MessageDecoder(MessageDecoder.ROS1, delivery.type(), topic()).imu(delivery.message());
    frame = imu.header().frameId();
    Timestamp stamp = imu.header().stamp();
    log.add(
        stamp.nanos() == 0 ? now.get() : stamp, imu.angularVelocity(), imu.linearAcceleration());
  }

  @Override
  String described(MessageFormatException e) {
    return "IMU could not be used: %s; --imu wants %s"
        .formatted(e.getMessage(), Ros1Type.IMU.typeName());
  }

  /**
   * What a picture carries along; null where no reading is near.
   *
   * @param cameraFrame the picture's frame, to find where the sensor sits on the camera
   */
  synchronized @Nullable InertialSamples before(Timestamp stamp, String cameraFrame) {
    if (T_cam_imu == null && !frame.isEmpty()) {
      T_cam_imu = transforms.apply(cameraFrame, frame).orElse(null);
    }
    return log.before(stamp, T_cam_imu);
  }

  @Override
  synchronized void forget() {
    log = new InertialLog(KEPT);
  }
}
