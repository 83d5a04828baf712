package dev.parallax.nodes.ros.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosImu;
import dev.parallax.nodes.runtime.Finding;
import dev.parallax.perception.frame.Timestamp;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImuAndStampLogTest {
  private static List<String> imu(double gravity, double rate) {
    ImuLog log = new ImuLog();
    for (int i = 0; i < 50; i++) {
      RosHeader header = new RosHeader(i, Timestamp.ofSeconds(1 + 0.01 * i), "imu");
      double[] turning = {0, 0, rate * i / 50};
      double[] acceleration = {0.02 * gravity * Math.sin(i), 0, gravity};
      log.add(
          new RosImu(
              header,
              new double[4],
              new double[9],
              turning,
              new double[9],
              acceleration,
              new double[9]));
    }
    return log.findings("/imu").stream().map(Finding::toString).toList();
  }

  @Test
  void unitsOfAnImuAreNamed() {
    assertThat(imu(9.81, 3)).isEmpty();
    assertThat(imu(1, 3)).singleElement().asString().contains("/imu", "in g, not m/s^2");
    assertThat(imu(0, 3)).singleElement().asString().contains("gravity was taken out");
    assertThat(imu(981, 3)).singleElement().asString().contains("not gravity");
    assertThat(imu(9.81, 170)).singleElement().asString().contains("degrees a second");
    assertThat(imu(9.81, 0)).singleElement().asString().contains("no gyroscope");
  }

  private static List<String> stamps(double... seconds) {
    StampLog log = new StampLog();
    for (double s : seconds) {
      Timestamp stamp = Timestamp.ofSeconds(100 + s);
      log.add(stamp, stamp, stamp.nanos());
    }
    return log.findings("/image", Double.NaN).stream().map(Finding::toString).toList();
  }

  @Test
  void missingDoubledAndReorderedStampsAreToldApart() {
    assertThat(stamps(0, 0.1, 0.2, 0.3, 0.4)).isEmpty();
    assertThat(stamps(0, 0.1, 0.2, 0.3, 0.4, 0.8, 0.9, 1.0))
        .anySatisfy(f -> assertThat(f).contains("3 messages are missing", "0.40 s"));
    assertThat(stamps(0, 0.1, 0.1, 0.2, 0.3))
        .singleElement()
        .asString()
        .contains("1 stamps are those of the message before");
    assertThat(stamps(0, 0.1, 0.2, 0.15, 0.3, 0.4, 0.5))
        .anySatisfy(f -> assertThat(f).contains("1 stamps are before"));
  }
}
