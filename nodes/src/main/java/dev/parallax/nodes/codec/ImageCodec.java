package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Picture;
import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * JPEG and PNG to and from our pictures, by OpenCV. Stateless and thread-safe; every array it
 * returns is fresh. A picture cut short is refused, never filled with grey.
 *
 * <p>EXIF orientation is ignored: a calibration is for the pixels as the sensor stored them.
 */
public final class ImageCodec {
  private static final int AS_STORED =
      opencv_imgcodecs.IMREAD_UNCHANGED | opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;

  /**
   * Fast rather than small. The fixed row filter matters most: left to choose one row by row, as it
   * is once the level alone is given, libpng takes two to four times as long for 10 % less.
   */
  private final int[] fastPng = {
    opencv_imgcodecs.IMWRITE_PNG_COMPRESSION, 1,
    opencv_imgcodecs.IMWRITE_PNG_STRATEGY, opencv_imgcodecs.IMWRITE_PNG_STRATEGY_RLE,
    opencv_imgcodecs.IMWRITE_PNG_FILTER, opencv_imgcodecs.IMWRITE_PNG_FILTER_SUB
  };

  /**
   * Decodes a JPEG or PNG. Grey becomes MONO8 and colour BGR8; alpha is dropped, 16-bit samples
   * keep their high byte.
   *
   * @throws ImageFormatException if the bytes are not a whole JPEG or PNG
   */
  public Picture decode(byte[] encoded) throws ImageFormatException {
    try (PointerScope scope = new PointerScope()) {
      Mat mat = decodeMat(encoded);
      int channels = mat.channels();
      byte[] stored =
          switch (mat.depth()) {
            case opencv_core.CV_8U -> bytesOf(mat);
            case opencv_core.CV_16U -> highBytesOf(shortsOf(mat));
            default ->
                throw new ImageFormatException(
                    "samples of an unknown kind (OpenCV type %d)".formatted(mat.type()));
          };
      return switch (channels) {
        case 1 -> new Picture(mat.cols(), mat.rows(), Picture.Format.MONO8, stored);
        case 2 ->
            new Picture(mat.cols(), mat.rows(), Picture.Format.MONO8, firstChannels(stored, 2, 1));
        case 3 -> new Picture(mat.cols(), mat.rows(), Picture.Format.BGR8, stored);
        case 4 ->
            new Picture(mat.cols(), mat.rows(), Picture.Format.BGR8, firstChannels(stored, 4, 3));
        default -> throw new ImageFormatException("%d channels".formatted(channels));
      };
    }
  }

  /**
   * Decodes a 16-bit PNG, as depth is stored.
   *
   * @throws ImageFormatException if the bytes are not a whole PNG of 1 or 3 channels of 16 bits
   */
  public Image16 decode16(byte[] encoded) throws ImageFormatException {
    try (PointerScope scope = new PointerScope()) {
      Mat mat = decodeMat(encoded);
      int channels = mat.channels();
      if (mat.depth() != opencv_core.CV_16U || (channels != 1 && channels != 3)) {
        throw new ImageFormatException(
            "expected 16-bit samples in 1 or 3 channels, got %d-bit in %d"
                .formatted(8 * (int) mat.elemSize1(), channels));
      }
      short[] data = shortsOf(mat);
      if (channels == 3) {
        swapFirstAndThird(data);
      }
      return new Image16(mat.cols(), mat.rows(), channels, data);
    }
  }

  /** Encodes without loss, fast rather than small. */
  public byte[] encodePng(Picture picture) {
    return encode(".png", picture, fastPng);
  }

  /** Encodes 16-bit samples without loss, fast rather than small. */
  public byte[] encodePng16(Image16 image) {
    try (PointerScope scope = new PointerScope()) {
      short[] data = image.data();
      if (image.channels() == 3) {
        data = data.clone();
        swapFirstAndThird(data);
      }
      Mat mat =
          new Mat(
              image.height(),
              image.width(),
              opencv_core.CV_MAKETYPE(opencv_core.CV_16U, image.channels()),
              new ShortPointer(data));
      return encode(".png", mat, fastPng);
    }
  }

  /**
   * Encodes with loss.
   *
   * @param quality 1 (smallest) to 100 (best)
   */
  public byte[] encodeJpeg(Picture picture, int quality) {
    if (quality < 1 || quality > 100) {
      throw new IllegalArgumentException("JPEG quality is 1 to 100, got " + quality);
    }
    return encode(".jpg", picture, opencv_imgcodecs.IMWRITE_JPEG_QUALITY, quality);
  }

  private static Mat decodeMat(byte[] encoded) throws ImageFormatException {
    ImageFile.requireWhole(encoded);
    Mat mat;
    try {
      Mat buffer = new Mat(1, encoded.length, opencv_core.CV_8UC1, new BytePointer(encoded));
      mat = opencv_imgcodecs.imdecode(buffer, AS_STORED);
    } catch (RuntimeException e) { // how JavaCPP hands over a cv::Exception
      throw new ImageFormatException("not decodable: " + firstLine(e), e);
    }
    if (mat == null || mat.empty()) {
      throw new ImageFormatException(
          "%s of %d bytes is damaged"
              .formatted(ImageFile.isPng(encoded) ? "PNG" : "JPEG", encoded.length));
    }
    return mat;
  }

  private static byte[] encode(String extension, Picture picture, int... parameters) {
    try (PointerScope scope = new PointerScope()) {
      Mat mat =
          new Mat(
              picture.height(),
              picture.width(),
              opencv_core.CV_MAKETYPE(opencv_core.CV_8U, picture.format().channels()),
              new BytePointer(picture.data()));
      return encode(extension, mat, parameters);
    }
  }

  private static byte[] encode(String extension, Mat mat, int... parameters) {
    BytePointer out = new BytePointer();
    if (!opencv_imgcodecs.imencode(extension, mat, out, new IntPointer(parameters))) {
      throw new IllegalStateException(
          "OpenCV does not encode %dx%d as %s".formatted(mat.cols(), mat.rows(), extension));
    }
    byte[] bytes = new byte[(int) out.limit()];
    out.get(bytes);
    return bytes;
  }

  private static byte[] bytesOf(Mat mat) {
    byte[] data = new byte[(int) (mat.total() * mat.channels())];
    mat.data().get(data);
    return data;
  }

  private static short[] shortsOf(Mat mat) {
    short[] data = new short[(int) (mat.total() * mat.channels())];
    new ShortPointer(mat.data()).get(data);
    return data;
  }

  private static byte[] highBytesOf(short[] samples) {
    byte[] high = new byte[samples.length];
    for (int i = 0; i < high.length; i++) {
      high[i] = (byte) (samples[i] >>> 8);
    }
    return high;
  }

  private static byte[] firstChannels(byte[] data, int channels, int kept) {
    byte[] out = new byte[data.length / channels * kept];
    for (int from = 0, to = 0; to < out.length; from += channels, to += kept) {
      System.arraycopy(data, from, out, to, kept);
    }
    return out;
  }

  /** OpenCV keeps blue first, files red first. */
  private static void swapFirstAndThird(short[] data) {
    for (int i = 0; i < data.length; i += 3) {
      short first = data[i];
      data[i] = data[i + 2];
      data[i + 2] = first;
    }
  }

  private static String firstLine(RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    return Arrays.asList(message.split("\n", 2)).get(0);
  }
}
