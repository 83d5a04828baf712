package dev.parallax.nodes.codec;

import dev.parallax.perception.frame.Picture;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.jspecify.annotations.Nullable;

/** The encodings of {@code sensor_msgs/Image} that are pictures, and how each becomes ours. */
enum PixelEncoding {
  MONO8(1, Picture.Format.MONO8, PixelEncoding.AS_IT_IS, "mono8", "8UC1"),
  MONO16(2, Picture.Format.MONO8, PixelEncoding.HIGH_BYTE, "mono16"),
  BGR8(3, Picture.Format.BGR8, PixelEncoding.AS_IT_IS, "bgr8", "8UC3"),
  RGB8(3, Picture.Format.BGR8, opencv_imgproc.COLOR_RGB2BGR, "rgb8"),
  BGRA8(4, Picture.Format.BGR8, opencv_imgproc.COLOR_BGRA2BGR, "bgra8"),
  RGBA8(4, Picture.Format.BGR8, opencv_imgproc.COLOR_RGBA2BGR, "rgba8"),
  // OpenCV names the same mosaics after the second row; these aliases are by the first, as ROS.
  BAYER_RGGB8(1, Picture.Format.BGR8, opencv_imgproc.COLOR_BayerRGGB2BGR, "bayer_rggb8"),
  BAYER_BGGR8(1, Picture.Format.BGR8, opencv_imgproc.COLOR_BayerBGGR2BGR, "bayer_bggr8"),
  BAYER_GBRG8(1, Picture.Format.BGR8, opencv_imgproc.COLOR_BayerGBRG2BGR, "bayer_gbrg8"),
  BAYER_GRBG8(1, Picture.Format.BGR8, opencv_imgproc.COLOR_BayerGRBG2BGR, "bayer_grbg8"),
  // ROS's yuv422 is U Y V Y; both are BT.601 with limited range.
  UYVY(2, Picture.Format.BGR8, opencv_imgproc.COLOR_YUV2BGR_UYVY, "yuv422", "uyvy"),
  YUYV(2, Picture.Format.BGR8, opencv_imgproc.COLOR_YUV2BGR_YUY2, "yuv422_yuy2", "yuyv");

  /** The bytes are already ours. */
  static final int AS_IT_IS = -1;

  /** 16-bit grey keeps its high byte. */
  static final int HIGH_BYTE = -2;

  private final int bytesPerPixel;
  private final Picture.Format format;
  private final int conversion;
  private final List<String> names;

  PixelEncoding(int bytesPerPixel, Picture.Format format, int conversion, String... names) {
    this.bytesPerPixel = bytesPerPixel;
    this.format = format;
    this.conversion = conversion;
    this.names = List.of(names);
  }

  /** By ROS name, or null if it is no picture encoding that is understood. */
  static @Nullable PixelEncoding of(String name) {
    return Arrays.stream(values()).filter(e -> e.names.contains(name)).findFirst().orElse(null);
  }

  /** The names understood, for people. */
  static String understood() {
    return String.join(", ", Arrays.stream(values()).map(e -> String.join(", ", e.names)).toList());
  }

  int bytesPerPixel() {
    return bytesPerPixel;
  }

  Picture.Format format() {
    return format;
  }

  /** An OpenCV conversion code, {@link #AS_IT_IS} or {@link #HIGH_BYTE}. */
  int conversion() {
    return conversion;
  }

  /** Whether the picture's width must be even, and for mosaics its height at least two. */
  boolean isPaired() {
    return bytesPerPixel == 2 && conversion >= 0;
  }

  boolean isMosaic() {
    return bytesPerPixel == 1 && conversion >= 0;
  }
}
