package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.DepthMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Depth in ROS messages to and from ours: {@code 16UC1} (whole units, by convention millimetres)
 * and {@code 32FC1} (metres), raw, as PNG, or as compressedDepth. Stateless and thread-safe.
 */
public final class RosDepth {
  /** REP 118: 16UC1 depth is in millimetres. */
  public static final double ROS_UNITS_PER_M = 1000;

  private static final String WHOLE_UNITS = "16UC1";
  private static final String METRES = "32FC1";

  /** compressedDepth: an i32 kind and two f32 parameters before the picture. */
  private static final int COMPRESSED_DEPTH_HEADER_BYTES = 12;

  /** The kind that compressed_depth_image_transport writes. */
  private static final int INVERSE_DEPTH = 1;

  private static final float QUANTISATION = 100;
  private static final float MAX_COMPRESSED_M = 100;

  private final ImageCodec images = new ImageCodec();

  /** Whether a {@code sensor_msgs/Image} encoding is depth. */
  public static boolean isDepth(String encoding) {
    return encoding.equals(WHOLE_UNITS) || encoding.equals(METRES);
  }

  /** Whether a {@code sensor_msgs/CompressedImage} format is depth. */
  public static boolean isCompressedDepth(String format) {
    return RosPictures.CompressedFormat.parse(format).isDepth();
  }

  /**
   * Whether this encoding or format stores whole units, whose size nothing in the message tells.
   */
  public static boolean isWholeUnits(String encodingOrFormat) {
    return encodingOrFormat.startsWith(WHOLE_UNITS);
  }

  /**
   * @param unitsPerM 16UC1 values to a metre; 32FC1 is in metres whatever this says
   * @param topic for error messages
   * @throws MessageFormatException if the encoding is not depth or the message contradicts itself
   */
  public DepthMap depth(RosImage image, double unitsPerM, String topic)
      throws MessageFormatException {
    ByteOrder order = image.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    switch (image.encoding()) {
      case WHOLE_UNITS -> {
        byte[] packed = PackedRows.of(image, 2, topic);
        short[] data = new short[image.width() * image.height()];
        ByteBuffer.wrap(packed).order(order).asShortBuffer().get(data);
        return wholeUnits(new Image16(image.width(), image.height(), 1, data), unitsPerM, topic);
      }
      case METRES -> {
        byte[] packed = PackedRows.of(image, 4, topic);
        float[] depthM = new float[image.width() * image.height()];
        ByteBuffer.wrap(packed).order(order).asFloatBuffer().get(depthM);
        for (int i = 0; i < depthM.length; i++) {
          // REP 117: -Inf is too close, +Inf out of range (not necessarily sky); 0 is no distance.
          if (!(depthM[i] > 0 && depthM[i] < Float.POSITIVE_INFINITY)) {
            depthM[i] = Float.NaN;
          }
        }
        return withUnknownStd(image.width(), image.height(), depthM);
      }
      default ->
          throw new MessageFormatException(
              "topic %s: depth encoding \"%s\" is not understood; understood are %s and %s"
                  .formatted(topic, image.encoding(), WHOLE_UNITS, METRES));
    }
  }

  /**
   * @param unitsPerM values to a metre where the format stores whole units
   * @param topic for error messages
   * @throws MessageFormatException if the format is not depth, or damaged
   */
  public DepthMap depth(RosCompressedImage image, double unitsPerM, String topic)
      throws MessageFormatException {
    var format = RosPictures.CompressedFormat.parse(image.format());
    if (!format.isDepth() || format.codec().contains("rvl")) {
      throw new MessageFormatException(
          ("topic %s: compressed depth format \"%s\" is not understood; understood are 16UC1 as"
                  + " png, and compressedDepth of 16UC1 and 32FC1 as png")
              .formatted(topic, image.format()));
    }
    try {
      if (!format.isCompressedDepth()) {
        return FieldImages.depth(images.decode16(image.data()), unitsPerM, Float.NaN);
      }
      return compressedDepth(image, format.encoding(), unitsPerM);
    } catch (ImageFormatException e) {
      throw new MessageFormatException(
          "topic %s (format \"%s\"): %s; record it again or skip it"
              .formatted(topic, image.format(), e.getMessage()),
          e);
    }
  }

  /** A raw {@code 32FC1} message in metres, NaN where unknown. */
  public RosFloatImage message(DepthMap depth, RosHeader header) {
    return new RosFloatImage(header, depth.height(), depth.width(), 1, depth.depthM());
  }

  /**
   * The same as compressedDepth: 16-bit inverse depth as PNG, fine near and coarse far ({@code z *
   * z / 10100}: 1 mm at 3 m, 1 cm at 10 m), unknown beyond 100 m and nearer than 0.16 m.
   */
  public RosCompressedImage compressedMessage(DepthMap depth, RosHeader header) {
    float a = QUANTISATION * (QUANTISATION + 1);
    float b = 1 - a / MAX_COMPRESSED_M;
    short[] stored = new short[depth.depthM().length];
    for (int i = 0; i < stored.length; i++) {
      long value = Math.round((double) a / depth.depthM()[i] + b); // 0 where depth is NaN
      boolean fits = depth.depthM()[i] <= MAX_COMPRESSED_M && value > 0 && value < 65536;
      stored[i] = fits ? (short) value : 0;
    }
    byte[] png = images.encodePng16(new Image16(depth.width(), depth.height(), 1, stored));
    ByteBuffer data =
        ByteBuffer.allocate(COMPRESSED_DEPTH_HEADER_BYTES + png.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(INVERSE_DEPTH).putFloat(a).putFloat(b).put(png);
    return new RosCompressedImage(header, "32FC1; compressedDepth png", data.array());
  }

  /**
   * The format of compressed_depth_image_transport. 32FC1 is stored as quantised inverse depth: the
   * PNG's value v stands for {@code a / (v - b)} metres, a and b being the header's parameters.
   */
  private DepthMap compressedDepth(RosCompressedImage image, String encoding, double unitsPerM)
      throws ImageFormatException {
    byte[] data = image.data();
    if (data.length <= COMPRESSED_DEPTH_HEADER_BYTES) {
      throw new ImageFormatException(
          "compressedDepth needs a header of 12 bytes, got %d bytes".formatted(data.length));
    }
    byte[] png = Arrays.copyOfRange(data, COMPRESSED_DEPTH_HEADER_BYTES, data.length);
    Image16 stored = images.decode16(png);
    if (stored.channels() != 1) {
      throw new ImageFormatException("depth in %d channels".formatted(stored.channels()));
    }
    if (!encoding.equals(METRES)) {
      return FieldImages.depth(stored, unitsPerM, Float.NaN);
    }
    ByteBuffer header = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    float a = header.getFloat(4);
    float b = header.getFloat(8);
    if (!(a > 0) || !Float.isFinite(a) || !Float.isFinite(b)) {
      throw new ImageFormatException(
          "compressedDepth parameters %s and %s are not usable".formatted(a, b));
    }
    float[] depthM = new float[stored.data().length];
    for (int i = 0; i < depthM.length; i++) {
      int value = stored.unsigned(i);
      float metres = a / (value - b);
      depthM[i] = value == 0 || !(metres > 0) || !Float.isFinite(metres) ? Float.NaN : metres;
    }
    return withUnknownStd(stored.width(), stored.height(), depthM);
  }

  private static DepthMap wholeUnits(Image16 image, double unitsPerM, String topic)
      throws MessageFormatException {
    try {
      return FieldImages.depth(image, unitsPerM, Float.NaN);
    } catch (ImageFormatException e) {
      throw new MessageFormatException("topic %s: %s".formatted(topic, e.getMessage()), e);
    }
  }

  /** Depth whose uncertainty nobody stated. */
  private static DepthMap withUnknownStd(int width, int height, float[] depthM) {
    float[] stdM = new float[depthM.length];
    Arrays.fill(stdM, Float.NaN);
    return new DepthMap(width, height, depthM, stdM);
  }
}
