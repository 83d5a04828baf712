package dev.parallax.nodes.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.parallax.nodes.codec.Ros1Type;
import dev.parallax.nodes.codec.RosHeader;
import dev.parallax.nodes.codec.RosOdometry;
import dev.parallax.nodes.codec.RosTwist;
import dev.parallax.nodes.source.bag.BagChannel;
import dev.parallax.nodes.source.bag.BagOutput;
import dev.parallax.perception.frame.DrivenWay;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpeedLogTest {
  @TempDir Path folder;

  private static DrivenWay at(SpeedLog log, double seconds) {
    DrivenWay way = log.at(Timestamp.ofSeconds(seconds));
    assertThat(way).as("way at %s s", seconds).isNotNull();
    return way;
  }

  @Test
  void speedsAddUpToTheWayBetweenTheirStampsToo() {
    SpeedLog log = new SpeedLog(100);
    for (int i = 0; i <= 20; i++) { // 2 m/s^2 from rest: t^2 metres
      log.add(Timestamp.ofSeconds(0.1 * i), 0.2 * i, 0.1);
    }
    assertThat(at(log, 1).wayM()).isCloseTo(1, within(1e-9));
    assertThat(at(log, 1.55).wayM()).isCloseTo(1.55 * 1.55, within(1e-9));
    // Twenty independent readings of 0.1 m/s over 0.1 s each.
    assertThat(at(log, 2).varianceM2()).isCloseTo(20 * 0.01 * 0.01, within(1e-12));
    assertThat(at(log, 2.05).wayM()).isCloseTo(4 + 0.05 * 4, within(1e-9));
    assertThat(log.at(Timestamp.ofSeconds(2.2))).isNull();
    assertThat(log.at(Timestamp.ofSeconds(-0.1))).isNull();
  }

  @Test
  void drivingBackwardsTakesTheWayBack() {
    SpeedLog log = new SpeedLog(10);
    log.add(Timestamp.ofSeconds(0), 1, 0);
    log.add(Timestamp.ofSeconds(0.4), -1, 0);
    assertThat(at(log, 0.2).wayM()).isCloseTo(0.1, within(1e-9));
    assertThat(at(log, 0.4).wayM()).isCloseTo(0, within(1e-9));
  }

  @Test
  void aGapBeginsANewRunAndAReadingOfThePastIsLeftOut() {
    SpeedLog log = new SpeedLog(10);
    log.add(Timestamp.ofSeconds(0), 1, 0);
    log.add(Timestamp.ofSeconds(0.2), 1, 0);
    log.add(Timestamp.ofSeconds(0.1), 9, 0);
    log.add(Timestamp.ofSeconds(1.2), 1, 0);
    assertThat(log.outOfOrder()).isEqualTo(1);
    assertThat(at(log, 0.2).run()).isNotEqualTo(at(log, 1.2).run());
    assertThat(log.at(Timestamp.ofSeconds(0.7))).isNull();
  }

  @Test
  void aFullLogForgetsItsOlderHalfAndGoesOn() {
    SpeedLog log = new SpeedLog(300);
    for (int i = 0; i < 1000; i++) {
      log.add(Timestamp.ofSeconds(0.1 * i), 1, 0);
    }
    assertThat(log.size()).isLessThanOrEqualTo(300);
    assertThat(at(log, 99).wayM()).isCloseTo(99, within(1e-6));
    assertThat(log.at(Timestamp.ofSeconds(1))).isNull();
  }

  @Test
  void aFileOfSpeedsIsReadAndADamagedLineIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("speed.txt"), "# s m/s\n1.0 2\n1.5 2 0.3\n");
    SpeedReadings readings = SpeedReadings.of(folder, "");
    assertThat(readings.warnings()).isEmpty();
    assertThat(at(readings.log(), 1.5).wayM()).isCloseTo(1, within(1e-9));
    assertThat(at(readings.log(), 1.5).varianceM2()).isCloseTo(0.15 * 0.15, within(1e-9));

    Files.writeString(file, "1.0 fast\n");
    assertThatThrownBy(() -> SpeedReadings.of(folder, file.toString()))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("speed.txt:1");
  }

  @Test
  void aFolderWithoutSpeedsSaysWhatIsWanted() {
    assertThatThrownBy(() -> SpeedReadings.of(folder, ""))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("--speed FILE");
  }

  @Test
  void aBagsSpeedIsFoundByTypeAndSeveralMustBeNamed() throws IOException {
    Path path = folder.resolve("drive.bag");
    try (BagOutput bag = BagFormat.of(path).orElseThrow().createRos1(path)) {
      int wheels = bag.addChannel(BagChannel.of("/wheels", Ros1Type.ODOMETRY));
      int other = bag.addChannel(BagChannel.of("/other", Ros1Type.TWIST_STAMPED));
      for (int i = 0; i <= 10; i++) {
        Timestamp stamp = Timestamp.ofSeconds(100 + 0.1 * i);
        RosHeader header = new RosHeader(i, stamp, "odom");
        double[] variance = new double[36];
        variance[0] = 0.04;
        double[] twist = {-3, 4, 0, 0, 0, 0}; // backwards and aside
        bag.write(
            wheels,
            stamp,
            new RosOdometry(header, "base", Se3.identity(), new double[36], twist, variance)
                .toBuffer());
        bag.write(other, stamp, new RosTwist(header, new double[6]).toBuffer());
      }
    }
    assertThatThrownBy(() -> SpeedReadings.of(path, ""))
        .isInstanceOf(SourceException.class)
        .hasMessageContainingAll("/wheels", "/other", "--speed");
    assertThatThrownBy(() -> SpeedReadings.of(path, "/nothing"))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("/nothing");

    DrivenWay way = at(SpeedReadings.of(path, "/wheels").log(), 101);
    assertThat(way.wayM()).isCloseTo(-5, within(1e-9));
    assertThat(way.varianceM2()).isCloseTo(10 * 0.02 * 0.02, within(1e-9));
    assertThat(SpeedReadings.of(path, "/other").warnings())
        .singleElement()
        .asString()
        .contains("every speed is zero");
  }
}
