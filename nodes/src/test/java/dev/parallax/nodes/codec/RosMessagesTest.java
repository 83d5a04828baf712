package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message in both wire forms: what is written comes back, and what is cut is refused. */
class RosMessagesTest {
  private static final RosHeader HEADER = new RosHeader(0, new Timestamp(12_000_000_034L), "odom");
  private static final Se3 POSE = Se3.ofQuaternion(0.5, 0.5, -0.5, 0.5, 1, 2, 3);

  /** Reads a message in either form. */
  @FunctionalInterface
  interface Reader {
    RosMessage read(WireInput in) throws MessageFormatException;
  }

  record Case(RosMessage message, Reader reader) {
    @Override
    public String toString() {
      return message.type().typeName();
    }
  }

  static Stream<Case> messages() {
    double[] covariance = new double[36];
    covariance[7] = 0.25;
    return Stream.of(
        new Case(
            new RosImage(HEADER, 2, 2, "mono8", false, 2, new byte[] {1, 2, 3, 4}), RosImage::read),
        new Case(
            new RosCompressedImage(HEADER, "jpeg", new byte[] {1, 2, 3}), RosCompressedImage::read),
        new Case(
            RosCameraInfo.of(
                HEADER, 640, 480, "plumb_bob", new double[] {.1, .2, 0, 0, 0}, 500, 501, 320, 240),
            RosCameraInfo::read),
        new Case(new RosPoseStamped(HEADER, POSE), RosPoseStamped::read),
        new Case(new RosPoseWithCovariance(HEADER, POSE, covariance), RosPoseWithCovariance::read),
        new Case(
            new RosOdometry(
                HEADER, "base_link", POSE, covariance, new double[] {1, 2, 3, 4, 5, 6}, covariance),
            RosOdometry::read),
        new Case(new RosTwist(HEADER, new double[] {1, 2, 3, 4, 5, 6}), RosTwist::read),
        new Case(
            new RosImu(
                HEADER,
                new double[4],
                new double[9],
                new double[] {1, 2, 3},
                new double[9],
                new double[] {0, 0, 9.81},
                new double[9]),
            RosImu::read),
        new Case(
            new RosPath(
                HEADER,
                List.of(new RosPoseStamped(HEADER, POSE), new RosPoseStamped(HEADER, POSE))),
            RosPath::read),
        new Case(
            new RosTransforms(List.of(new RosTransforms.Stamped(HEADER, "base_link", POSE))),
            RosTransforms::read),
        new Case(
            new RosOccupancyGrid(HEADER, new Timestamp(5), 0.05f, 2, 1, POSE, new byte[] {-1, 100}),
            RosOccupancyGrid::read),
        new Case(
            new RosOccupancyUpdate(HEADER, -1, 4, 1, 2, new byte[] {0, 100}),
            RosOccupancyUpdate::read),
        new Case(
            new RosOctomap(HEADER, new OctomapTree(0.05, 0, new byte[] {1, 0})), RosOctomap::read),
        new Case(RosPointCloud.ofFloats(HEADER, new byte[24], "x", "y", "z"), RosPointCloud::read),
        new Case(
            new RosDiagnostics(
                HEADER,
                List.of(
                    new RosDiagnostics.Status(
                        RosDiagnostics.Level.WARN, "camera", "slow", "", Map.of("rate", "3.1")))),
            RosDiagnostics::read),
        new Case(new RosClockMessage(new Timestamp(7_000_000_001L)), RosClockMessage::read));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void comesBackFromTheFormOfRos1(Case each) throws Exception {
    assertSame(each, each.reader.read(ros1(each.message.toBytes())));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void comesBackFromTheFormOfRos2(Case each) throws Exception {
    assertSame(
        each, each.reader.read(CdrInput.of(ByteBuffer.wrap(each.message.toCdr()), "/t", "t")));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void isRefusedByFieldWhereverItIsCut(Case each) {
    byte[] ros1 = each.message.toBytes();
    byte[] cdr = each.message.toCdr();
    for (int length = 0; length < ros1.length; length++) {
      byte[] cut = Arrays.copyOf(ros1, length);
      assertThatThrownBy(() -> each.reader.read(ros1(cut)))
          .isInstanceOf(MessageFormatException.class)
          .hasMessageContaining("cut short");
    }
    for (int length = 0; length < cdr.length; length++) {
      byte[] cut = Arrays.copyOf(cdr, length);
      assertThatThrownBy(() -> each.reader.read(CdrInput.of(ByteBuffer.wrap(cut), "/t", "t")))
          .isInstanceOf(MessageFormatException.class);
    }
  }

  @Test
  void aLogLineComesBack() throws Exception {
    RosLog log = new RosLog(HEADER, RosLog.Level.ERROR, "/parallax", "lost", List.of("/tf"));
    Ros1Input in = new Ros1Input(log.toBuffer(), "/rosout", "rosgraph_msgs/Log");
    assertThat(RosLog.read(in)).isEqualTo(log);
  }

  @Test
  void cdrAlignsByTheFieldsAndEndsStringsWithZero() {
    byte[] cdr =
        new RosPoseStamped(new RosHeader(9, new Timestamp(3), "ab"), Se3.identity()).toCdr();
    // Representation, sec, nanosec, string of 3 with its zero, padding from 15 to 16, then doubles.
    assertThat(cdr).startsWith(0, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 'a', 'b', 0, 0);
    assertThat(cdr).hasSize(4 + 16 + 7 * 8);
  }

  @Test
  void bigEndianCdrIsReadToo() throws Exception {
    ByteBuffer cdr = ByteBuffer.allocate(12).putInt(0).putInt(7).putInt(5);
    WireInput in = CdrInput.of(cdr.flip(), "/clock", "rosgraph_msgs/msg/Clock");
    assertThat(RosClockMessage.read(in).clock()).isEqualTo(new Timestamp(7_000_000_005L));
  }

  @Test
  void anUnknownRepresentationIsRefused() {
    ByteBuffer parameterList = ByteBuffer.allocate(12).putInt(0x00030000);
    assertThatThrownBy(() -> CdrInput.of(parameterList.rewind(), "/t", "t"))
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContaining("CDR representation 3");
  }

  @Test
  void aCountThatTheMessageCannotHoldIsRefusedBeforeAnythingIsMade() {
    byte[] tf = {(byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f};
    assertThatThrownBy(() -> RosTransforms.read(ros1(tf)))
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContaining("transforms");
  }

  private static Ros1Input ros1(byte[] bytes) {
    return new Ros1Input(ByteBuffer.wrap(bytes), "/t", "t");
  }

  private static void assertSame(Case each, RosMessage back) {
    assertThat(back).usingRecursiveComparison().isEqualTo(each.message);
  }
}
