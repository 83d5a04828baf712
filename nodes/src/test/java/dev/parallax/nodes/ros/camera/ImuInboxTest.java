package dev.parallax.nodes.ros.camera;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosImu;
import dev.parallax.nodes.ros.RosDelivery;
import dev.parallax.perception.frame.InertialSamples;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImuInboxTest {
  private static final Se3 T_CAM_IMU = Se3.ofTranslation(0.1, 0.2, 0.3);

  private boolean transformsCame;

  private final ImuInbox inbox =
      new ImuInbox(
          "/imu",
          null,
          (target, source) -> {
            assertThat(target + " " + source).isEqualTo("camera_optical imu_link");
            return transformsCame ? Optional.of(T_CAM_IMU) : Optional.empty();
          },
          () -> new Timestamp(77));

  private static RosDelivery imu(long ms, double wz) {
    RosImu imu =
        new RosImu(
            new RosHeader(0, new Timestamp(ms * 1_000_000), "imu_link"),
            new double[4],
            new double[9],
            new double[] {0, 0, wz},
            new double[9],
            new double[] {0, 0, 9.81},
            new double[9]);
    return new RosDelivery(imu.toBuffer(), Ros1Type.IMU.typeName(), "/driver");
  }

  @Test
  void aPictureTakesTheReadingsBeforeItAndTheMountingOnceTransformsTellIt() {
    for (int i = 0; i < 1000; i++) {
      inbox.accept(imu(5000 + 5L * i, i));
    }
    InertialSamples first = inbox.before(new Timestamp(9_000_000_000L), "camera_optical");
    assertThat(Objects.requireNonNull(first).T_cam_imu()).isNull();
    assertThat(first.count()).as("two seconds, and one that covers the picture").isEqualTo(401);
    assertThat(first.gyroRadps()[3 * 400 + 2]).isEqualTo(800);

    transformsCame = true;
    InertialSamples next = inbox.before(new Timestamp(9_050_000_000L), "camera_optical");
    assertThat(Objects.requireNonNull(next).T_cam_imu()).isEqualTo(T_CAM_IMU);
  }

  @Test
  void whatCannotBeReadIsToldAndTimeThatBeginsAnewForgets() {
    inbox.accept(imu(100, 1));
    assertThat(inbox.loss()).isNull();
    inbox.accept(new RosDelivery(ByteBuffer.allocate(3), Ros1Type.IMU.typeName(), "/driver"));
    assertThat(inbox.loss()).contains("/imu").contains("sensor_msgs/Imu");

    inbox.forget();
    assertThat(inbox.before(new Timestamp(100_000_000L), "camera_optical")).isNull();
    inbox.accept(imu(50, 1));
    assertThat(inbox.before(new Timestamp(51_000_000L), "camera_optical")).isNotNull();
  }
}
