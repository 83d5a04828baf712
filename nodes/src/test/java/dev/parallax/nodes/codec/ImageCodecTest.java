package dev.parallax.nodes.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parallax.nodes.RealData;
import dev.parallax.perception.frame.Picture;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ImageCodecTest {
  private final ImageCodec codec = new ImageCodec();

  @ParameterizedTest
  @EnumSource(Picture.Format.class)
  void pngGivesBackTheSamePicture(Picture.Format format) throws Exception {
    Picture picture = noise(37, 21, format);
    Picture back = codec.decode(codec.encodePng(picture));
    assertThat(back.format()).isEqualTo(format);
    assertThat(back.width()).isEqualTo(37);
    assertThat(back.data()).isEqualTo(picture.data());
  }

  @Test
  void sixteenBitPngGivesBackTheSameDepth() throws Exception {
    short[] data = {0, 1, (short) 65535, (short) 40000, 256, 255};
    Image16 back = codec.decode16(codec.encodePng16(new Image16(3, 2, 1, data)));
    assertThat(back.width()).isEqualTo(3);
    assertThat(back.data()).isEqualTo(data);
    assertThat(back.unsigned(3)).isEqualTo(40000);
  }

  @Test
  void threeSixteenBitChannelsKeepTheOrderOfTheFile() throws Exception {
    short[] data = {1, 2, 3, 4, 5, 6};
    Image16 image = new Image16(2, 1, 3, data);
    byte[] png = codec.encodePng16(image);
    assertThat(codec.decode16(png).data()).isEqualTo(data);
    assertThat(image.data()).containsExactly(1, 2, 3, 4, 5, 6);
    // The independent reader of the JDK agrees on which is red.
    var raster = javax.imageio.ImageIO.read(new java.io.ByteArrayInputStream(png)).getRaster();
    assertThat(raster.getSample(0, 0, 0)).isEqualTo(1);
    assertThat(raster.getSample(1, 0, 2)).isEqualTo(6);
  }

  @Test
  void aSixteenBitPngReadAsAPictureKeepsItsHighBytes() throws Exception {
    byte[] png = codec.encodePng16(new Image16(2, 1, 1, new short[] {0x1234, (short) 0xff00}));
    assertThat(codec.decode(png).data()).containsExactly(0x12, 0xff);
  }

  @Test
  void jpegStaysCloseToASmoothPicture() throws Exception {
    byte[] data = new byte[64 * 48];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (2 * (i % 64) + i / 64);
    }
    Picture back =
        codec.decode(codec.encodeJpeg(new Picture(64, 48, Picture.Format.MONO8, data), 95));
    for (int i = 0; i < data.length; i++) {
      assertThat(back.data()[i] & 0xff).isCloseTo(data[i] & 0xff, within(4));
    }
  }

  @Test
  void aJpegCutAnywhereIsRefused() {
    byte[] whole = codec.encodeJpeg(noise(40, 30, Picture.Format.BGR8), 80);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> codec.decode(cut))
          .as("cut at %d", length)
          .isInstanceOf(ImageFormatException.class);
    }
  }

  @Test
  void aPngCutAnywhereIsRefused() {
    byte[] whole = codec.encodePng(noise(16, 12, Picture.Format.MONO8));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> codec.decode(cut))
          .as("cut at %d", length)
          .isInstanceOf(ImageFormatException.class);
    }
  }

  @Test
  void anEndMarkerInsideAnApplicationSegmentDoesNotHideACut() {
    byte[] whole = codec.encodeJpeg(noise(40, 30, Picture.Format.MONO8), 80);
    byte[] thumbnail = {
      (byte) 0xff, (byte) 0xe1, 0, 6, (byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xd9
    };
    byte[] cut = new byte[whole.length / 2 + thumbnail.length];
    System.arraycopy(whole, 0, cut, 0, 2);
    System.arraycopy(thumbnail, 0, cut, 2, thumbnail.length);
    System.arraycopy(whole, 2, cut, 2 + thumbnail.length, whole.length / 2 - 2);
    assertThatThrownBy(() -> codec.decode(cut)).hasMessageContaining("cut short");
  }

  @Test
  void bytesAfterTheEndMarkerDoNoHarm() throws Exception {
    byte[] whole = codec.encodeJpeg(noise(40, 30, Picture.Format.MONO8), 80);
    assertThat(codec.decode(Arrays.copyOf(whole, whole.length + 100)).width()).isEqualTo(40);
  }

  @Test
  void otherFormatsAreRefusedByTheirFirstBytes() {
    assertThatThrownBy(
            () -> codec.decode("qoif....".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
        .isInstanceOf(ImageFormatException.class)
        .hasMessage("neither JPEG nor PNG (starts with 71 6f 69 66)");
  }

  @Test
  void damageInsideAPngIsRefused() {
    byte[] png = codec.encodePng(noise(64, 48, Picture.Format.MONO8));
    Arrays.fill(png, 16, 24, (byte) 0x7f);
    assertThatThrownBy(() -> codec.decode(png)).isInstanceOf(ImageFormatException.class);
  }

  @Test
  void eightBitsAreNotTakenForDepth() {
    byte[] png = codec.encodePng(noise(8, 8, Picture.Format.MONO8));
    assertThatThrownBy(() -> codec.decode16(png)).hasMessageContaining("expected 16-bit");
  }

  @Test
  void realPicturesAndDepthDecode() throws Exception {
    byte[] jpeg =
        Files.readAllBytes(RealData.path("7scenes-redkitchen-250f/frame-000000.color.jpg"));
    Picture colour = codec.decode(jpeg);
    assertThat(colour.format()).isEqualTo(Picture.Format.BGR8);
    assertThat(colour.width()).isEqualTo(640);
    Image16 depth =
        codec.decode16(
            Files.readAllBytes(RealData.path("7scenes-redkitchen-250f/frame-000000.depth.png")));
    assertThat(depth.height()).isEqualTo(480);
    assertThat(codec.decode16(codec.encodePng16(depth)).data()).isEqualTo(depth.data());
  }

  private static org.assertj.core.data.Offset<Integer> within(int tolerance) {
    return org.assertj.core.data.Offset.offset(tolerance);
  }

  private static Picture noise(int width, int height, Picture.Format format) {
    byte[] data = new byte[width * height * format.channels()];
    new Random(7).nextBytes(data);
    return new Picture(width, height, format, data);
  }
}
