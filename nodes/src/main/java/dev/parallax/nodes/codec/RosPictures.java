package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Picture;
import java.util.Locale;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Pictures in ROS messages to and from ours. Stateless and thread-safe.
 *
 * <p>{@code mono16} keeps the high byte of each sample, that is, it is divided by 256: a fixed
 * rule, so that brightness does not pump from frame to frame. {@code is_bigendian} is heeded for
 * 16-bit samples only; publishers set it at will for 8-bit ones.
 */
public final class RosPictures {
  private final ImageCodec images = new ImageCodec();

  /** Whether pictures of this {@code sensor_msgs/Image} encoding can be read. */
  public static boolean understands(String encoding) {
    return PixelEncoding.of(encoding) != null;
  }

  /** Whether a {@code sensor_msgs/CompressedImage} format names a codec that can be read. */
  public static boolean understandsCompressed(String format) {
    CompressedFormat parsed = CompressedFormat.parse(format);
    return !parsed.isDepth() && parsed.isJpegOrPng();
  }

  /**
   * @param topic for error messages
   * @throws MessageFormatException if the encoding is not understood or the message contradicts
   *     itself
   */
  public Picture picture(RosImage image, String topic) throws MessageFormatException {
    PixelEncoding encoding = PixelEncoding.of(image.encoding());
    if (encoding == null) {
      throw new MessageFormatException(
          "topic %s: encoding \"%s\" is not understood; understood are %s"
              .formatted(topic, image.encoding(), PixelEncoding.understood()));
    }
    byte[] packed = PackedRows.of(image, encoding.bytesPerPixel(), topic);
    return convert(encoding, image.width(), image.height(), packed, image.bigEndian(), topic);
  }

  /**
   * @param topic for error messages
   * @throws MessageFormatException if the format is not understood or the picture is damaged
   */
  public Picture picture(RosCompressedImage image, String topic) throws MessageFormatException {
    CompressedFormat format = CompressedFormat.parse(image.format());
    requireJpegOrPng(format, image, topic);
    Picture decoded;
    try {
      decoded = images.decode(image.data());
    } catch (ImageFormatException e) {
      throw new MessageFormatException(
          "topic %s (format \"%s\"): %s; record it again or skip it"
              .formatted(topic, image.format(), e.getMessage()),
          e);
    }
    PixelEncoding original = PixelEncoding.of(format.encoding());
    if (decoded.format() == Picture.Format.MONO8 && original != null && original.isMosaic()) {
      return convert(original, decoded.width(), decoded.height(), decoded.data(), false, topic);
    }
    if (decoded.format() == Picture.Format.BGR8 && format.storedRedAsBlue()) {
      swapRedAndBlue(decoded.data()); // fresh from the decoder, nobody else holds it
    }
    return decoded;
  }

  /** A raw message with the picture's own bytes, {@code mono8} or {@code bgr8}. */
  public RosImage message(Picture picture, RosHeader header) {
    return new RosImage(
        header,
        picture.height(),
        picture.width(),
        picture.format() == Picture.Format.MONO8 ? "mono8" : "bgr8",
        false,
        (long) picture.width() * picture.format().channels(),
        picture.data());
  }

  /** A JPEG message, its format written as ROS's own publisher does. */
  public RosCompressedImage jpegMessage(Picture picture, RosHeader header, int quality) {
    String format =
        picture.format() == Picture.Format.MONO8
            ? "mono8; jpeg compressed "
            : "bgr8; jpeg compressed bgr8";
    return new RosCompressedImage(header, format, images.encodeJpeg(picture, quality));
  }

  /** A lossless message of grey levels, as labels need it. */
  public RosCompressedImage pngMessage(Picture picture, RosHeader header) {
    boolean grey = picture.format() == Picture.Format.MONO8;
    String format = grey ? "mono8; png compressed " : "bgr8; png compressed bgr8";
    return new RosCompressedImage(header, format, images.encodePng(picture));
  }

  private static void requireJpegOrPng(
      CompressedFormat format, RosCompressedImage image, String topic)
      throws MessageFormatException {
    boolean known = ImageFile.isJpeg(image.data()) || ImageFile.isPng(image.data());
    if (!known && !format.isJpegOrPng()) {
      throw new MessageFormatException(
          ("topic %s: compressed format \"%s\" is not understood; understood are jpeg and png."
                  + " Record the raw topic or one of these")
              .formatted(topic, image.format()));
    }
  }

  private static Picture convert(
      PixelEncoding encoding, int width, int height, byte[] packed, boolean bigEndian, String topic)
      throws MessageFormatException {
    if ((encoding.isPaired() && width % 2 != 0)
        || (encoding.isMosaic() && (width < 2 || height < 2))) {
      throw new MessageFormatException(
          "topic %s: a %s picture cannot be %dx%d; check the publisher"
              .formatted(topic, encoding.name().toLowerCase(Locale.ROOT), width, height));
    }
    byte[] pixels =
        switch (encoding.conversion()) {
          case PixelEncoding.AS_IT_IS -> packed;
          case PixelEncoding.HIGH_BYTE -> highBytes(packed, bigEndian);
          default -> converted(encoding, width, height, packed);
        };
    return new Picture(width, height, encoding.format(), pixels);
  }

  private static byte[] highBytes(byte[] samples, boolean bigEndian) {
    byte[] high = new byte[samples.length / 2];
    for (int i = 0, from = bigEndian ? 0 : 1; i < high.length; i++, from += 2) {
      high[i] = samples[from];
    }
    return high;
  }

  private static byte[] converted(PixelEncoding encoding, int width, int height, byte[] packed) {
    try (PointerScope scope = new PointerScope()) {
      int type = opencv_core.CV_MAKETYPE(opencv_core.CV_8U, encoding.bytesPerPixel());
      Mat from = new Mat(height, width, type, new BytePointer(packed));
      Mat to = new Mat();
      opencv_imgproc.cvtColor(from, to, encoding.conversion());
      byte[] pixels = new byte[width * height * encoding.format().channels()];
      to.data().get(pixels);
      return pixels;
    }
  }

  private static void swapRedAndBlue(byte[] bgr) {
    for (int i = 0; i < bgr.length; i += 3) {
      byte first = bgr[i];
      bgr[i] = bgr[i + 2];
      bgr[i + 2] = first;
    }
  }

  /**
   * The format string of {@code sensor_msgs/CompressedImage}. ROS's own publisher writes {@code
   * ENCODING; KIND compressed STORED}: the encoding of the raw picture, the codec, and the channel
   * order handed to the codec; others write just {@code jpeg}.
   *
   * @param encoding of the raw picture; empty where only the codec is named
   */
  record CompressedFormat(String encoding, String codec) {
    static CompressedFormat parse(String format) {
      int split = format.indexOf(';');
      String lower = format.toLowerCase(Locale.ROOT);
      return split < 0
          ? new CompressedFormat("", lower.trim())
          : new CompressedFormat(
              format.substring(0, split).trim(), lower.substring(split + 1).trim());
    }

    boolean isJpegOrPng() {
      return codec.isEmpty()
          || codec.contains("jpeg")
          || codec.contains("jpg")
          || codec.contains("png");
    }

    boolean isCompressedDepth() {
      return codec.contains("compresseddepth");
    }

    /** Whether this is depth rather than a picture. */
    boolean isDepth() {
      return isCompressedDepth() || RosDepth.isDepth(encoding);
    }

    /**
     * compressed_image_transport hands RGB samples to a codec that takes them for BGR unless it
     * says {@code compressed bgr8}; the file's red is then the picture's blue.
     */
    boolean storedRedAsBlue() {
      return codec.contains("compressed rgb");
    }
  }
}
