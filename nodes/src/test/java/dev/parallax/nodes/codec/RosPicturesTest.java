package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.parallax.perception.frame.Picture;
import dev.parallax.perception.frame.Timestamp;
import dev.parallax.perception.geometry.Se3;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RosPicturesTest {
  private static final RosHeader HEADER = new RosHeader(7, new Timestamp(12_000_000_034L), "cam");
  private final RosPictures pictures = new RosPictures();

  @ParameterizedTest
  @CsvSource({
    // encoding, bytes of one pixel, blue, green, red
    "rgb8, 10 20 30, 30, 20, 10",
    "bgr8, 10 20 30, 10, 20, 30",
    "8UC3, 10 20 30, 10, 20, 30",
    "rgba8, 10 20 30 99, 30, 20, 10",
    "bgra8, 10 20 30 99, 10, 20, 30",
  })
  void colourBecomesBgr(String encoding, String pixel, int blue, int green, int red)
      throws Exception {
    Picture picture = pictures.picture(tiled(encoding, 4, 2, pixel), "/t");
    assertThat(picture.format()).isEqualTo(Picture.Format.BGR8);
    assertEveryPixelIs(picture, blue, green, red, 0);
  }

  @ParameterizedTest
  @CsvSource({
    // Pure BT.601 red is Y 81, U 90, V 240.
    "yuv422, 90 81 240 81",
    "yuv422_yuy2, 81 90 81 240",
    "yuyv, 81 90 81 240",
  })
  void yuvOfRedBecomesRed(String encoding, String twoPixels) throws Exception {
    byte[] data = repeat(bytes(twoPixels), 2 * 4);
    RosImage image = new RosImage(HEADER, 4, 4, encoding, false, 8, data);
    assertEveryPixelIs(pictures.picture(image, "/t"), 0, 0, 255, 3);
  }

  @ParameterizedTest
  @CsvSource({
    // encoding, first row, second row of a scene that is blue 40, green 90, red 200
    "bayer_rggb8, 200 90, 90 40",
    "bayer_bggr8, 40 90, 90 200",
    "bayer_gbrg8, 90 40, 200 90",
    "bayer_grbg8, 90 200, 40 90",
  })
  void aMosaicOfOneColourBecomesThatColour(String encoding, String first, String second)
      throws Exception {
    byte[] data = new byte[8 * 8];
    for (int row = 0; row < 8; row++) {
      System.arraycopy(repeat(bytes(row % 2 == 0 ? first : second), 4), 0, data, 8 * row, 8);
    }
    Picture picture = pictures.picture(new RosImage(HEADER, 8, 8, encoding, false, 8, data), "/t");
    assertEveryPixelIs(picture, 40, 90, 200, 0);
  }

  @Test
  void greyIgnoresTheByteOrderFlagAndDropsPadding() throws Exception {
    byte[] data = {1, 2, 3, 99, 99, 4, 5, 6, 99, 99};
    Picture picture = pictures.picture(new RosImage(HEADER, 2, 3, "mono8", true, 5, data), "/t");
    assertThat(picture.data()).containsExactly(1, 2, 3, 4, 5, 6);
    // Some publishers leave the last row's padding out.
    byte[] shorter = Arrays.copyOf(data, 8);
    assertThat(pictures.picture(new RosImage(HEADER, 2, 3, "mono8", true, 5, shorter), "/t").data())
        .isEqualTo(picture.data());
  }

  /** A message that lies anywhere in a larger buffer, its picture a part of a larger one. */
  @Test
  void rowsOfPartOfALargerPictureArriveFromEveryKindOfBuffer() throws Exception {
    byte[] whole = new byte[3 * 8 * 6];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (byte) i;
    }
    byte[] part =
        Arrays.copyOfRange(whole, 24 * 2 + 3 * 3, 24 * 4 + 3 * 5); // rows 2..4, columns 3..4
    byte[] message = new RosImage(HEADER, 3, 2, "bgr8", false, 24, part).toBytes();
    ByteBuffer heap = ByteBuffer.wrap(new byte[message.length + 20]).position(7).slice();
    ByteBuffer direct = ByteBuffer.allocateDirect(message.length + 20);
    for (ByteBuffer buffer : new ByteBuffer[] {heap, direct}) {
      buffer.position(5).put(message).flip().position(5);
      for (ByteBuffer given : new ByteBuffer[] {buffer, buffer.asReadOnlyBuffer()}) {
        Picture picture = pictures.picture(RosImage.read(given, "/t"), "/t");
        assertThat(picture.width()).isEqualTo(2);
        assertThat(picture.data())
            .containsExactly(
                57, 58, 59, 60, 61, 62, 81, 82, 83, 84, 85, 86, 105, 106, 107, 108, 109, 110);
        assertThat(given.position()).isEqualTo(5);
      }
    }
  }

  @Test
  void sixteenBitGreyKeepsItsHighByteInEitherOrder() throws Exception {
    byte[] little = {0x34, 0x12, (byte) 0xff, (byte) 0xab};
    byte[] big = {0x12, 0x34, (byte) 0xab, (byte) 0xff};
    for (boolean bigEndian : new boolean[] {false, true}) {
      RosImage image = new RosImage(HEADER, 1, 2, "mono16", bigEndian, 4, bigEndian ? big : little);
      assertThat(pictures.picture(image, "/t").data()).containsExactly(0x12, 0xab);
    }
  }

  @Test
  void unknownEncodingsAreRefusedWithWhatIsUnderstood() {
    RosImage image = new RosImage(HEADER, 2, 2, "nv21", false, 2, new byte[6]);
    assertThatThrownBy(() -> pictures.picture(image, "/cam/image"))
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContainingAll("/cam/image", "\"nv21\"", "mono8", "bayer_rggb8", "yuv422");
    RosCompressedImage qoi =
        new RosCompressedImage(HEADER, "qoi; rgb8", new byte[] {'q', 'o', 'i', 'f'});
    assertThatThrownBy(() -> pictures.picture(qoi, "/cam/qoi"))
        .hasMessageContainingAll("/cam/qoi", "\"qoi; rgb8\"", "understood are jpeg and png");
  }

  @Test
  void sizesThatContradictTheDataAreRefused() {
    assertRefused(new RosImage(HEADER, 4, 4, "mono8", false, 4, new byte[15]), "cut short");
    assertRefused(new RosImage(HEADER, 4, 4, "rgb8", false, 11, new byte[44]), "step is 11");
    assertRefused(new RosImage(HEADER, 0, 4, "mono8", false, 4, new byte[0]), "picture of 4x0");
    assertRefused(
        new RosImage(HEADER, 1 << 20, 1 << 20, "mono8", false, 1 << 20, new byte[9]), "picture of");
    assertRefused(new RosImage(HEADER, 2, 3, "yuyv", false, 6, new byte[12]), "cannot be 3x2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bgr8; jpeg compressed bgr8", "rgb8; jpeg compressed bgr8", "jpeg", "jpg"})
  void jpegFormatsAsPublishersWriteThemKeepTheirColour(String format) throws Exception {
    Picture red = new Picture(16, 16, Picture.Format.BGR8, repeat(bytes("0 0 200"), 256));
    byte[] jpeg = new ImageCodec().encodeJpeg(red, 95);
    assertEveryPixelIs(
        pictures.picture(new RosCompressedImage(HEADER, format, jpeg), "/t"), 0, 0, 200, 4);
  }

  @Test
  void aPngWrittenWithRedAndBlueExchangedIsPutRight() throws Exception {
    Picture stored = new Picture(4, 4, Picture.Format.BGR8, repeat(bytes("200 0 0"), 16));
    byte[] png = new ImageCodec().encodePng(stored);
    RosCompressedImage image = new RosCompressedImage(HEADER, "rgb8; png compressed rgb8", png);
    assertEveryPixelIs(pictures.picture(image, "/t"), 0, 0, 200, 0);
  }

  @Test
  void messagesComeBackAsTheyWereWritten() throws Exception {
    Picture picture = new Picture(4, 2, Picture.Format.BGR8, repeat(bytes("1 2 3"), 8));
    RosImage raw =
        RosImage.read(ByteBuffer.wrap(pictures.message(picture, HEADER).toBytes()), "/t");
    assertThat(raw.header()).isEqualTo(HEADER);
    assertThat(pictures.picture(raw, "/t").data()).isEqualTo(picture.data());
    RosCompressedImage jpeg = pictures.jpegMessage(picture, HEADER, 90);
    RosCompressedImage read = RosCompressedImage.read(ByteBuffer.wrap(jpeg.toBytes()), "/t");
    assertThat(read.format()).isEqualTo("bgr8; jpeg compressed bgr8");
    assertThat(read.data()).isEqualTo(jpeg.data());
    Se3 pose = Se3.ofQuaternion(0.1, -0.2, 0.3, 0.9, 1, 2, 3);
    RosPoseStamped posed =
        RosPoseStamped.read(ByteBuffer.wrap(new RosPoseStamped(HEADER, pose).toBytes()), "/t");
    assertThat(posed.T_parent_child().inverse().times(pose).distance()).isCloseTo(0, offset(1e-12));
    assertThat(posed.T_parent_child().inverse().times(pose).angleRad()).isCloseTo(0, offset(1e-9));
    RosCameraInfo info =
        RosCameraInfo.of(HEADER, 640, 480, "plumb_bob", new double[] {1, 2, 3, 4, 5}, 6, 7, 8, 9);
    RosCameraInfo back = RosCameraInfo.read(ByteBuffer.wrap(info.toBytes()), "/t");
    assertThat(back).usingRecursiveComparison().isEqualTo(info);
  }

  @Test
  void aMessageCutAnywhereNamesTopicAndField() throws Exception {
    RosCameraInfo info =
        RosCameraInfo.of(HEADER, 640, 480, "plumb_bob", new double[] {1, 2, 3, 4, 5}, 6, 7, 8, 9);
    byte[] whole = info.toBytes();
    for (int length = 0; length < whole.length; length++) {
      ByteBuffer cut = ByteBuffer.wrap(whole, 0, length);
      assertThatThrownBy(() -> RosCameraInfo.read(cut, "/cam/camera_info"))
          .isInstanceOf(MessageFormatException.class)
          .hasMessageContainingAll("topic /cam/camera_info", "sensor_msgs/CameraInfo field");
    }
    ByteBuffer hostile = ByteBuffer.wrap(whole.clone()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    hostile.putInt(12, -1); // frame_id of 4 GiB
    assertThatThrownBy(() -> RosCameraInfo.read(hostile, "/c"))
        .hasMessageContaining("header.frame_id");
  }

  private void assertRefused(RosImage image, String words) {
    assertThatThrownBy(() -> pictures.picture(image, "/t"))
        .isInstanceOf(MessageFormatException.class)
        .hasMessageContainingAll("topic /t", words);
  }

  private static RosImage tiled(String encoding, int width, int height, String pixel) {
    byte[] one = bytes(pixel);
    return new RosImage(
        HEADER,
        height,
        width,
        encoding,
        false,
        (long) width * one.length,
        repeat(one, width * height));
  }

  private static void assertEveryPixelIs(
      Picture picture, int blue, int green, int red, int tolerance) {
    int[] expected = {blue, green, red};
    for (int i = 0; i < picture.data().length; i++) {
      assertThat(picture.data()[i] & 0xff)
          .as("byte %d", i)
          .isBetween(expected[i % 3] - tolerance, expected[i % 3] + tolerance);
    }
  }

  private static byte[] bytes(String decimals) {
    String[] parts = decimals.trim().split(" ");
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }

  private static byte[] repeat(byte[] pattern, int times) {
    byte[] all = new byte[pattern.length * times];
    for (int i = 0; i < all.length; i++) {
      all[i] = pattern[i % pattern.length];
    }
    return all;
  }
}
