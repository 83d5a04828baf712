package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class RosSpeedTest {
  /** nav_msgs/Odometry with a stamp, no names and no pose: everything in it is 0 but its twist. */
  private static byte[] withoutPose(double x, double y, double variance) {
    ByteBuffer m = ByteBuffer.allocate(4 + 8 + 4 + 4 + 8 * (7 + 36 + 6 + 36));
    m.order(ByteOrder.LITTLE_ENDIAN);
    m.putInt(0).putInt(7).putInt(500_000_000).putInt(0).putInt(0);
    m.position(m.position() + 8 * (7 + 36));
    m.putDouble(x).putDouble(y);
    m.position(m.position() + 8 * 4);
    m.putDouble(variance);
    return m.array();
  }

  @Test
  void anOdometryThatLeavesItsPoseUnsetTellsItsSpeed() throws MessageFormatException {
    RosSpeed speed =
        new MessageDecoder(MessageDecoder.ROS1, Ros1Type.ODOMETRY.typeName(), "/odom")
            .speed(ByteBuffer.wrap(withoutPose(-3, 4, 0.01)));

    assertThat(speed).isEqualTo(new RosSpeed(Timestamp.ofSeconds(7.5), -5, 0.1));
  }
}
