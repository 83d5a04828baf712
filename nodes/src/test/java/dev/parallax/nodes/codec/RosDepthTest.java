package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.parallax.perception.frame.DepthMap;
import dev.parallax.perception.frame.Timestamp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RosDepthTest {
  private static final RosHeader HEADER = new RosHeader(0, new Timestamp(0), "cam");
  private final RosDepth depths = new RosDepth();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void wholeUnitsBecomeMetresInEitherByteOrder(boolean bigEndian) throws Exception {
    ByteBuffer data =
        ByteBuffer.allocate(6).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    data.putShort((short) 1500).putShort((short) 0).putShort((short) 40000);
    RosImage image = new RosImage(HEADER, 1, 3, "16UC1", bigEndian, 6, data.array());
    assertThat(depths.depth(image, 1000, "/d").depthM()).containsExactly(1.5f, Float.NaN, 40f);
    assertThat(depths.depth(image, 5000, "/d").depthM()).containsExactly(0.3f, Float.NaN, 8f);
  }

  @Test
  void metresComeBackAndWhatIsNoDistanceIsUnknown() throws Exception {
    float[] stored = {1.25f, Float.NaN, 0, Float.POSITIVE_INFINITY, -1, 7};
    DepthMap map = new DepthMap(3, 2, stored, new float[6]);
    ByteBuffer message = depths.message(map, HEADER).toBuffer();
    DepthMap back = depths.depth(RosImage.read(message, "/d"), 1000, "/d");
    assertThat(back.depthM())
        .containsExactly(1.25f, Float.NaN, Float.NaN, Float.NaN, Float.NaN, 7f);
    assertThat(back.stdM()).containsOnly(Float.NaN);
  }

  @Test
  void compressedDepthComesBackAsFineAsItIsStored() throws Exception {
    float[] stored = {0.2f, 1, 3, 10, 60, Float.NaN, Float.POSITIVE_INFINITY, 0.1f};
    DepthMap map = new DepthMap(4, 2, stored, new float[8]);
    DepthMap back = depths.depth(depths.compressedMessage(map, HEADER), 1000, "/d");
    for (int i = 0; i < 5; i++) {
      double step = stored[i] * stored[i] / 10100.0;
      assertThat(back.depthM()[i]).isCloseTo(stored[i], offset((float) step));
    }
    assertThat(back.depthM()[5]).isNaN();
    assertThat(back.depthM()[6]).isNaN();
    assertThat(back.depthM()[7]).isNaN();
  }

  @Test
  void compressedDepthOfWholeUnitsSkipsItsHeader() throws Exception {
    byte[] png = png(new short[] {2000, 0});
    RosCompressedImage image =
        new RosCompressedImage(HEADER, "16UC1; compressedDepth", withHeader(png, 0, 0));
    assertThat(depths.depth(image, 1000, "/d").depthM()).containsExactly(2f, Float.NaN);
  }

  @Test
  void compressedDepthOfMetresIsQuantisedInverseDepth() throws Exception {
    // The publisher's rule: a = q (q + 1), b = 1 - a / zMax; v = a / z + b.
    float quantisation = 100;
    float a = quantisation * (quantisation + 1);
    float b = 1 - a / 10;
    double[] truth = {0.8, 2.5, 9.5};
    short[] stored = new short[4];
    for (int i = 0; i < 3; i++) {
      stored[i] = (short) Math.round(a / truth[i] + b);
    }
    RosCompressedImage image =
        new RosCompressedImage(HEADER, "32FC1; compressedDepth png", withHeader(png(stored), a, b));
    float[] depthM = depths.depth(image, 5000, "/d").depthM();
    for (int i = 0; i < 3; i++) {
      double step = truth[i] * truth[i] / a; // metres for one step of the stored value
      assertThat((double) depthM[i]).isCloseTo(truth[i], offset(0.51 * step));
    }
    assertThat(depthM[3]).isNaN();
  }

  @Test
  void whatIsNotDepthOrNotWholeIsRefusedWithTopic() {
    assertRefused("16UC1; compressedDepth rvl", new byte[40], "rvl");
    assertRefused("16UC1; compressedDepth", new byte[5], "header of 12 bytes");
    assertRefused("32FC1; compressedDepth", withHeader(png(new short[] {1}), 0, 0), "parameters");
    assertRefused("16UC1; png compressed ", new byte[] {1, 2, 3}, "neither JPEG nor PNG");
    RosImage image = new RosImage(HEADER, 2, 2, "64FC1", false, 16, new byte[32]);
    assertThatThrownBy(() -> depths.depth(image, 1000, "/d")).hasMessageContaining("\"64FC1\"");
  }

  @Test
  void depthAndPicturesAreToldApartByFormat() {
    assertThat(RosDepth.isCompressedDepth("16UC1; png compressed ")).isTrue();
    assertThat(RosDepth.isCompressedDepth("32FC1; compressedDepth")).isTrue();
    assertThat(RosDepth.isCompressedDepth("mono16; png compressed ")).isFalse();
    assertThat(RosDepth.isCompressedDepth("jpeg")).isFalse();
    assertThat(RosPictures.understandsCompressed("rgb8; jpeg compressed bgr8")).isTrue();
    assertThat(RosPictures.understandsCompressed("qoi; rgb8")).isFalse();
  }

  private void assertRefused(String format, byte[] data, String words) {
    assertThatThrownBy(() -> depths.depth(new RosCompressedImage(HEADER, format, data), 1000, "/d"))
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContainingAll("topic /d", words);
  }

  private static byte[] png(short[] row) {
    return new ImageCodec().encodePng16(new Image16(row.length, 1, 1, row));
  }

  private static byte[] withHeader(byte[] png, float a, float b) {
    return ByteBuffer.allocate(12 + png.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(1)
        .putFloat(a)
        .putFloat(b)
        .put(png)
        .array();
  }
}
