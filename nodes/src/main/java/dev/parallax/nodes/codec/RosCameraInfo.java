package dev.parallax.nodes.codec;

import dev.parallax.perception.geometry.CameraModel;
import dev.parallax.perception.geometry.CameraModels;
import dev.parallax.perception.geometry.PinholeCamera;
import java.nio.ByteBuffer;

/**
 * {@code sensor_msgs/CameraInfo}.
 *
 * @param d distortion coefficients, as many as the publisher gave
 * @param k {@code [3 3]} row-major intrinsics of the distorted picture; all zero: uncalibrated
 * @param r {@code [3 3]} row-major rectifying rotation
 * @param p {@code [3 4]} row-major projection of the rectified picture
 * @param binningX pixels of the sensor to one of the picture; 0 means 1
 * @param roi the part of the sensor that is in the picture
 */
public record RosCameraInfo(
    RosHeader header,
    int height,
    int width,
    String distortionModel,
    double[] d,
    double[] k,
    double[] r,
    double[] p,
    long binningX,
    long binningY,
    Roi roi)
    implements RosMessage {

  /** {@code sensor_msgs/RegionOfInterest}; all zero means the whole sensor. */
  public record Roi(long xOffset, long yOffset, long height, long width, boolean doRectify) {
    public static Roi whole() {
      return new Roi(0, 0, 0, 0, false);
    }
  }

  /** For a whole, unbinned picture. */
  public static RosCameraInfo of(
      RosHeader header,
      int width,
      int height,
      String distortionModel,
      double[] d,
      double fx,
      double fy,
      double cx,
      double cy) {
    return new RosCameraInfo(
        header,
        height,
        width,
        distortionModel,
        d,
        new double[] {fx, 0, cx, 0, fy, cy, 0, 0, 1},
        new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1},
        new double[] {fx, 0, cx, 0, 0, fy, cy, 0, 0, 0, 1, 0},
        0,
        0,
        Roi.whole());
  }

  /** For whole, unbinned pictures that are rectified. */
  public static RosCameraInfo rectified(RosHeader header, PinholeCamera camera) {
    return of(
        header,
        camera.width(),
        camera.height(),
        "plumb_bob",
        new double[5],
        camera.fx(),
        camera.fy(),
        camera.cx(),
        camera.cy());
  }

  /** Whether nobody ever calibrated this camera: ROS says so by an all-zero K. */
  public boolean isUncalibrated() {
    return k[0] == 0;
  }

  /**
   * The model for the pictures as published. K and D are for the whole sensor; P describes the
   * rectified pictures. Region of interest and binning shift and shrink either (REP 104).
   *
   * @param rectified whether the pictures are
   * @throws IllegalArgumentException if the numbers describe no camera
   */
  public CameraModel model(boolean rectified) {
    double[] matrix = rectified ? new double[] {p[0], 0, p[2], 0, p[5], p[6], 0, 0, 1} : k.clone();
    long shrinkX = Math.max(1, binningX);
    long shrinkY = Math.max(1, binningY);
    matrix[0] /= shrinkX;
    matrix[1] /= shrinkX;
    matrix[2] = (matrix[2] - roi.xOffset()) / shrinkX;
    matrix[4] /= shrinkY;
    matrix[5] = (matrix[5] - roi.yOffset()) / shrinkY;
    long wholeWidth = roi.width() > 0 ? roi.width() : width;
    long wholeHeight = roi.height() > 0 ? roi.height() : height;
    return CameraModels.fromRos(
        rectified ? "" : distortionModel,
        (int) (wholeWidth / shrinkX),
        (int) (wholeHeight / shrinkY),
        matrix,
        rectified ? new double[0] : d);
  }

  /**
   * @throws MessageFormatException if the message is cut short
   */
  public static RosCameraInfo read(ByteBuffer message, String topic) throws MessageFormatException {
    return read(new Ros1Input(message, topic, Ros1Type.CAMERA_INFO.typeName()));
  }

  /** The same from either wire form. */
  public static RosCameraInfo read(WireInput in) throws MessageFormatException {
    return new RosCameraInfo(
        in.header(),
        in.size("height"),
        in.size("width"),
        in.text("distortion_model"),
        in.f64s("D"),
        in.f64s(9, "K"),
        in.f64s(9, "R"),
        in.f64s(12, "P"),
        in.u32("binning_x"),
        in.u32("binning_y"),
        new Roi(
            in.u32("roi.x_offset"),
            in.u32("roi.y_offset"),
            in.u32("roi.height"),
            in.u32("roi.width"),
            in.u8("roi.do_rectify") != 0));
  }

  @Override
  public Ros1Type type() {
    return Ros1Type.CAMERA_INFO;
  }

  @Override
  public void write(WireOutput out) {
    out.header(header)
        .u32(height)
        .u32(width)
        .text(distortionModel)
        .f64s(d)
        .fixedF64s(k)
        .fixedF64s(r)
        .fixedF64s(p)
        .u32(binningX)
        .u32(binningY)
        .u32(roi.xOffset)
        .u32(roi.yOffset)
        .u32(roi.height)
        .u32(roi.width)
        .u8(roi.doRectify ? 1 : 0);
  }
}
